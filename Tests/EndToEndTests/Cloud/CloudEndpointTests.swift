// Endpoints by the built program against a mock that treats them as SageMaker does.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

/// `atelier endpoint`, and triggers of workflows.
@Suite(.programs, .enabled(if: StandIns.isInstalled, Comment(rawValue: StandIns.absence)))
struct CloudEndpointTests {
  /// A deployment of a model in the bucket, served by an image.
  private func words(_ project: WorkflowProject, image: String, _ more: String...) -> [String] {
    [
      "endpoint", "deploy", "churn", "--model-data", "s3://\(project.shared.bucket)/model.tar.gz",
      "--image", image, "--role", WorkflowProject.jobRole,
    ] + more
  }

  private func deploy(
    _ project: WorkflowProject, image: String, expecting code: Int32? = 0
  ) throws -> EndedProgram {
    let ended = try project.start(words(project, image: image)).wait()
    if let code, ended.code != code {
      throw ProgramError("\(image) ended with \(ended.code): \(ended.out) \(ended.err)")
    }
    return ended
  }

  private func status(_ project: WorkflowProject) throws -> JSONValue {
    try JSONValue(
      parsing: project.atelier("endpoint", "status", "churn", "--json", expecting: nil).out)
  }

  @Test func aFailedUpdateBringsTheFormerConfigurationBack() throws {
    let project = try WorkflowProject(region: "ca-central-1")
    let before = try project.census()
    // What is missing is told before anything is made.
    #expect(try deploy(project, image: "serve:1", expecting: 2).err.contains("no such object"))
    #expect(
      try project.atelier("endpoint", "deploy", "churn", expecting: 2).err
        .contains("--training-job"))
    #expect(try project.census() == before)

    try project.shared.client.put(Array("model".utf8), key: "model.tar.gz")
    #expect(try deploy(project, image: "serve:1").out.hasPrefix("endpoint churn: created"))
    #expect(try deploy(project, image: "serve:1").out.hasPrefix("endpoint churn: unchanged"))
    let first = try #require(try status(project)["configuration"]?.string)
    #expect(try status(project)["status"] == "InService")

    #expect(try deploy(project, image: "serve:2").out.hasPrefix("endpoint churn: updated"))
    let second = try #require(try status(project)["configuration"]?.string)
    #expect(first != second)

    let failed = try deploy(project, image: "broken:1", expecting: 1)
    #expect(failed.err.contains("did not pass the ping health check"), "\(failed.err)")
    #expect(failed.err.contains("\(second) is in service again"), "\(failed.err)")
    #expect(try status(project)["configuration"]?.string == second)
    #expect(try status(project)["status"] == "InService")

    let rolled = try deploy(project, image: "unwilling:1", expecting: 1)
    #expect(rolled.err.contains("rolled the update of churn back"), "\(rolled.err)")
    #expect(rolled.err.contains("because of an alarm"))
    #expect(try status(project)["configuration"]?.string == second)

    let deleted = try project.atelier("endpoint", "delete", "churn")
    #expect(deleted.out == "endpoint churn: deleted, with 4 configurations and 4 models\n")
    #expect(try project.census() == before)
    #expect(try project.atelier("endpoint", "delete", "churn").out.contains("there is no endpoint"))
  }

  @Test func anEndpointThatNeverServedSaysWhy() throws {
    let project = try WorkflowProject(region: "ap-south-1")
    let before = try project.census()
    try project.shared.client.put(Array("model".utf8), key: "model.tar.gz")
    let failed = try deploy(project, image: "broken:1", expecting: 1)
    #expect(failed.err.contains("there is no former configuration"), "\(failed.err)")
    #expect(try project.atelier("endpoint", "status", "churn", expecting: 3).out.contains("Failed"))
    #expect(try deploy(project, image: "serve:1").out.hasPrefix("endpoint churn: created"))
    try project.atelier("endpoint", "delete", "churn")
    #expect(try project.census() == before)
  }

  @Test func longNamesThatBeginAlikeShareNothing() throws {
    let project = try WorkflowProject(region: "af-south-1")
    let before = try project.census()
    try project.shared.client.put(Array("model".utf8), key: "model.tar.gz")
    let names = ["a", "b"].map { String(repeating: "long-", count: 12) + $0 }
    for name in names {
      let deployed = try project.start(
        words(project, image: "serve:1").map { $0 == "churn" ? name : $0 }
      ).wait()
      #expect(deployed.out.hasPrefix("endpoint \(name): created"), "\(deployed.err)")
    }
    for name in names {
      #expect(
        try project.atelier("endpoint", "delete", name).out
          == "endpoint \(name): deleted, with 1 configuration and 1 model\n")
    }
    #expect(try project.census() == before)
  }

  @Test func ofTwoDeploymentsTheLoserUpdates() throws {
    let project = try WorkflowProject(region: "ap-northeast-1")
    try project.shared.client.put(Array("model".utf8), key: "model.tar.gz")
    let both = try [("b", "serve:1"), ("c", "serve:2")].map {
      try project.start(words(project, image: $0.1), on: $0.0)
    }
    let ended = try both.map { try $0.wait() }
    // The first may see the second's update before it has looked, and says so then.
    let fine = ended.filter { $0.code == 0 }
    #expect(!fine.isEmpty, "\(ended.map(\.err))")
    for other in ended where other.code != 0 {
      #expect(other.code == 1 && other.err.contains("somebody else"), "\(other.err)")
    }
    #expect(ended.contains { $0.out.contains(": created") || $0.err.contains("somebody else") })
    #expect(try status(project)["status"] == "InService")

    let answer = try project.start(
      [
        "endpoint", "invoke", "churn", "--input",
        project.shared.space.folder.write("1,2\n", to: "r"),
      ]
    ).wait()
    #expect(answer.code == 0 && !answer.out.isEmpty, "\(answer.err)")
    try project.atelier("endpoint", "delete", "churn")
  }
}

/// Objects that start workflows.
@Suite(.programs, .enabled(if: StandIns.isInstalled, Comment(rawValue: StandIns.absence)))
struct TriggerTests {
  private static let trigger = "arn:aws:iam::123456789012:role/trigger"

  @discardableResult
  private func add(
    _ project: WorkflowProject, _ more: String..., by role: String = trigger,
    expecting code: Int32 = 0
  ) throws -> EndedProgram {
    let ended = try project.start(
      [
        "workflow", "trigger", "add", "--image", WorkflowProject.image, "--role",
        WorkflowProject.jobRole, "--workflow-role", WorkflowProject.role, "--trigger-role",
        role,
      ] + more
    ).wait()
    guard ended.code == code else { throw ProgramError("\(more): \(ended.out) \(ended.err)") }
    return ended
  }

  private func executions(_ project: WorkflowProject, _ more: String...) throws -> [JSONValue] {
    let ended = try project.start(["workflow", "executions", "--json"] + more).wait()
    return try ended.out.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
  }

  /// Waits until so many executions have ended.
  private func wait(_ project: WorkflowProject, for count: Int, _ more: String...) throws {
    for _ in 0..<600 {
      let ended = try project.start(["workflow", "executions", "--json"] + more).wait()
      if ended.out.components(separatedBy: "\"succeeded\"").count > count { return }
      usleep(100_000)
    }
    throw ProgramError("no \(count) executions")
  }

  @Test func aNewObjectStartsTheWorkflowOnceForItsVersion() throws {
    // The mock's bucket is in that region, and its events are.
    let project = try WorkflowProject(region: "us-east-1")
    let before = try project.census()
    #expect(
      try add(project, "--prefix", "team/project/jobs/x", expecting: 2).err.contains(
        "would start the next"))
    #expect(try project.census() == before)
    #expect(try add(project, "--prefix", "input/").out.contains("trigger created"))
    #expect(try add(project, "--prefix", "input/").out.contains("trigger unchanged"))
    let other = "arn:aws:iam::123456789012:role/other"
    #expect(
      try add(project, "--prefix", "input/", by: other).out.contains("trigger updated"))
    #expect(try add(project, "--prefix", "input/").out.contains("trigger updated"))
    try add(project, "--as", "pipeline", "--prefix", "input/", "--name", "piped")

    try project.shared.client.put(Array("1".utf8), key: "other/a")
    try project.shared.client.put(Array("1".utf8), key: "input/a \"b\"")
    try wait(project, for: 1)
    try wait(project, for: 1, "--as", "pipeline", "--name", "piped")
    // The same bytes again are the same version, as the bucket has no versions.
    try project.shared.client.put(Array("1".utf8), key: "input/a \"b\"")
    try project.shared.client.put(Array("2".utf8), key: "input/a \"b\"")
    try wait(project, for: 2)
    try wait(project, for: 2, "--as", "pipeline", "--name", "piped")
    #expect(try executions(project).count == 2)
    #expect(try executions(project, "--as", "pipeline", "--name", "piped").count == 2)

    // An execution ran the plan, whoever started it.
    try project.fillBucket()
    let recorded = try project.atelier("workflow", "progress")
    #expect(recorded.err.contains("recorded: 3 results"), "\(recorded.err)")
    let piped = try project.atelier("workflow", "progress", "--as", "pipeline", "--name", "piped")
    #expect(piped.err.contains("was recorded before: 3 results"), "\(piped.err)")
    for verb in [["trigger", "list"], ["trigger", "remove"]] {
      let refused = try project.start(["workflow"] + verb + ["nothing-such"]).wait()
      #expect(refused.code == 2 && refused.err.contains("has no stage or step"), "\(refused.err)")
    }
    let listed = try project.atelier("workflow", "trigger", "list", "--json").out
    #expect(listed.contains("\"prefix\":\"input/\"") && listed.contains("\"on\":true"))
    #expect(
      try project.atelier("workflow", "trigger", "remove", "--prefix", "x/").out
        .contains("no such trigger"))
    let removed = try project.atelier("workflow", "trigger", "remove").out
    #expect(removed == "removed: s3://\(project.shared.bucket)/input/\n")
    try project.shared.client.put(Array("3".utf8), key: "input/a")
    try wait(project, for: 3, "--as", "pipeline", "--name", "piped")
    #expect(try executions(project).count == 2)
    // A workflow goes with its triggers.
    try project.atelier("workflow", "delete")
    try project.atelier("workflow", "delete", "--as", "pipeline", "--name", "piped")
    #expect(try project.census() == before)
  }
}
