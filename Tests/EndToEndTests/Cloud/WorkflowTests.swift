// Workflows by the built program against a mock that runs state machines and pipelines.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

/// `atelier workflow`, from the first deployment to the removal.
@Suite(.programs, .enabled(if: StandIns.isInstalled, Comment(rawValue: StandIns.absence)))
struct WorkflowTests {
  private func lines(_ ended: EndedProgram) throws -> [JSONValue] {
    try ended.out.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
  }

  @Test func aWorkflowIsDeployedStartedOnceRecordedAndRemoved() throws {
    let project = try WorkflowProject(region: "eu-west-1")
    let before = try project.census()
    // What is missing is told before anything is made.
    let roleless = try project.atelier("workflow", "deploy", expecting: 2)
    #expect(roleless.err.contains("[Jobs] workflow_role is empty"))
    let imageless = try project.atelier(
      "workflow", "start", "--workflow-role", WorkflowProject.role, expecting: 2)
    #expect(imageless.err.contains("[Jobs] image is empty; set it, or add --image"))
    #expect(imageless.err.contains("[Jobs] role is empty; set it, or add --role"))
    let nothing = try project.atelier("workflow", "start", expecting: 2)
    for key in ["workflow_role", "image", "role"] {
      #expect(nothing.err.contains("[Jobs] \(key) is empty"), "\(nothing.err)")
    }
    let spaced = try project.atelier("workflow", "start", "--image", "a b", expecting: 2)
    #expect(spaced.err.contains("--image: expected an image of a registry"), "\(spaced.err)")
    let empty = try project.atelier("workflow", "list")
    #expect(empty.err.contains("no workflow of Atelier in eu-west-1"), "\(empty.err)")
    for verb in ["delete", "executions", "progress", "stop", "events", "start"] {
      let refused = try project.atelier("workflow", verb, "nothing-such", expecting: 2)
      #expect(refused.err.contains("has no stage or step 'nothing-such'"), "\(refused.err)")
    }
    let named = try project.atelier(
      "workflow", "progress", "--name", "mine", "--set", "Jobs.volume_size_gb=40", expecting: 2)
    #expect(
      named.err.contains("atelier workflow deploy fixture --name mine (with the same --set)"),
      "\(named.err)")
    #expect(try project.census() == before)
    #expect(try project.shared.keys("jobs").isEmpty)

    let role = ["--workflow-role", WorkflowProject.role]
    let first = try project.atelier("workflow", "deploy", role[0], role[1])
    #expect(first.out == "state machine fixture: created\n")
    #expect(try project.shared.keys("jobs/plans").count == 1)
    #expect(try project.shared.keys("jobs/requests").count == 1)
    #expect(
      try project.atelier("workflow", "deploy", role[0], role[1]).out
        == "state machine fixture: unchanged\n")
    let other = "arn:aws:iam::123456789012:role/other"
    #expect(
      try project.atelier("workflow", "deploy", role[0], other).out
        == "state machine fixture: updated (role)\n")

    try project.fillBucket()
    let started = try project.startWorkflow("--wait")
    let name = String(started.out.split(separator: "\n")[1].split(separator: " ")[1])
    #expect(name.count == 32)
    #expect(started.out.hasSuffix("\(name) succeeded\n"), "\(started.out)")
    #expect(started.err.contains("recorded: 3 results"), "\(started.err)")

    // Without a network all is as after a local run.
    let nowhere = "http://127.0.0.1:9"
    let shown = try project.atelier("show", "one.c", endpoint: nowhere)
    let path = try #require(shown.out.split(separator: "\n").last { $0.hasPrefix("/") })
    #expect(try TestFiles.text(String(path)) == "a\nb\nc\n")
    let explained = try project.atelier("explain", "one.c", endpoint: nowhere)
    #expect(!explained.out.isEmpty)
    let record = try #require(
      try lines(project.atelier("list", "runs", "--json", endpoint: nowhere)).first)
    #expect(record["status"] == "ok", "\(record)")
    try project.atelier(
      "report", "--output", project.shared.space.folder("report.html"), endpoint: nowhere)

    let again = try project.startWorkflow()
    #expect(again.out.contains("nothing started: \(name), the same plan, succeeded"))
    // An option wins over a setting, also in the definition.
    let unused = "Jobs.image=registry.example.com/other:1"
    #expect(
      try project.startWorkflow("--set", unused).out
        .hasPrefix("state machine fixture: updated (definition)\n"))
    #expect(
      try project.atelier(
        "workflow", "deploy", role[0], role[1], "--set", "Jobs.image=\(WorkflowProject.image)"
      ).out == "state machine fixture: unchanged\n")

    // A change is another plan, whose execution is compared with the one before.
    try project.shared.space.setGraph(
      SharedProject.chain.dropLast() + [
        SharedProject.step("one.c", ["one.b"], "cat $one_b > $out; echo d >> $out")
      ])
    try project.fillBucket()
    let changed = try project.startWorkflow("--wait")
    #expect(changed.out.contains("fixture: updated (definition, tags)"), "\(changed.out)")
    #expect(
      try project.atelier("diff", "latest~1", "latest", endpoint: nowhere, expecting: nil).out
        .contains("one.c"))
    let reason = try project.atelier("explain", "one.c", endpoint: nowhere).out
    #expect(reason.contains("one.c"), "\(reason)")
    let executions = try lines(project.atelier("workflow", "executions", "--json"))
    #expect(executions.count == 2 && executions.last?["name"]?.string == name)
    let listed = try lines(project.atelier("workflow", "list", "--json"))
    #expect(listed.map { $0["workflow"]?.string } == ["fixture"])

    #expect(
      try project.atelier("workflow", "delete").out == "state machine fixture: deleted\n")
    #expect(try project.census() == before)
    #expect(try project.atelier("workflow", "delete").out.contains("there is no state machine"))
  }

  @Test func afterAFailureTheNameGetsAnAttempt() throws {
    let project = try WorkflowProject(region: "eu-west-2")
    try project.setJobs(["one": [["fail": "AlgorithmError: exit code 1"], [:]]])
    let failed = try project.startWorkflow("--wait", expecting: 1)
    #expect(failed.out.contains("AlgorithmError: exit code 1"), "\(failed.out)")
    // A job's description holds the whole request; only its reason is shown.
    #expect(!failed.out.contains("RoleArn") && !failed.err.contains("RoleArn"))
    #expect(failed.err.contains("not in the bucket: one.a"), "\(failed.err)")
    #expect(failed.err.contains("failed     one: "), "\(failed.err)")
    #expect(!failed.err.contains("one: failed") && !failed.err.contains("no machine?"))
    let record = try #require(try lines(project.atelier("list", "runs", "--json")).first)
    #expect(record["status"] == "failed", "\(record)")
    let events = try project.atelier("workflow", "events").out
    #expect(events.contains("AlgorithmError") && !events.contains("RoleArn"))
    let progress = try lines(project.atelier("workflow", "progress", "--json", expecting: 1))
    #expect(progress.contains { $0["state"] == "one" && $0["status"] == "failed" }, "\(progress)")
    let picture = try project.atelier("workflow", "progress", "--graph", "mermaid").out
    #expect(picture.contains("class s0 failed"), "\(picture)")

    try project.fillBucket()
    let second = try project.startWorkflow("--wait")
    #expect(second.err.contains("recorded: 3 results"), "\(second.err)")
    let name = String(second.out.split(separator: "\n")[1].split(separator: " ")[1])
    #expect(name.hasSuffix("-2"), "\(second.out)")
    let green = try project.atelier("workflow", "progress", "--graph", "svg").out
    #expect(green.contains("<title>Task, succeeded</title>"), "\(green)")
    let statuses = try lines(project.atelier("workflow", "executions", "--json"))
      .map { $0["status"]?.string }
    #expect(statuses == ["succeeded", "failed"])
  }

  @Test func aFailureBesideThePlanIsSaidToBeOutsideOfTheRecord() throws {
    let project = try WorkflowProject(region: "eu-south-1")
    try project.setJobs(["one": [[:], ["fail": "no reason of the plan"]]])
    try project.fillBucket()
    let first = try project.startWorkflow("--wait")
    let failed = try project.startWorkflow("--wait", "--again", expecting: 1)
    let run = try #require(first.err.split(separator: "\n").last { $0.hasPrefix("run ") })
      .split(separator: " ")[1]
    #expect(
      failed.err.contains("run \(run) was recorded before: 3 results"), "\(failed.err)")
    #expect(failed.err.contains("that run has no failed step"), "\(failed.err)")
  }

  @Test func oneStartWinsAndCtrlCLeavesItRunning() throws {
    let project = try WorkflowProject(region: "eu-west-3")
    try project.setJobs(["one": [["run": true]]])
    try project.atelier("workflow", "deploy", "--workflow-role", WorkflowProject.role)
    let both = try ["b", "c"].map { try project.start(WorkflowProject.startWords, on: $0) }
    let ended = try both.map { try $0.wait() }
    #expect(ended.allSatisfy { $0.code == 0 }, "\(ended.map(\.err))")
    #expect(ended.count { $0.out.contains("\nstarted ") } == 1, "\(ended.map(\.out))")
    #expect(ended.count { $0.out.contains("nothing started: ") } == 1, "\(ended.map(\.out))")

    let waiting = try project.start(WorkflowProject.startWords + ["--wait"])
    var looks = 0
    while try !waiting.said().contains("running"), looks < 6000 {
      usleep(20_000)
      looks += 1
    }
    waiting.signal(SIGINT)
    let interrupted = try waiting.wait()
    #expect(interrupted.code == 130)
    #expect(interrupted.err.contains("keeps running"), "\(interrupted.err)")
    let known = try project.startWorkflow()
    #expect(known.out.contains("the same plan, is running"))

    let refused = try project.atelier("workflow", "delete", expecting: 2)
    #expect(refused.err.contains("is running; add --stop"))
    #expect(try project.atelier("workflow", "stop").out.contains("was stopped"))
    #expect(try project.atelier("workflow", "stop").out.contains("nothing to stop"))
    let next = try project.startWorkflow()
    #expect(next.out.contains("-2\n"), "\(next.out)")
    #expect(try project.atelier("workflow", "delete", "--stop").out.contains("deleted"))
  }

  @Test func aPipelineDoesTheSame() throws {
    let project = try WorkflowProject(region: "eu-north-1")
    let before = try project.census()
    try project.setJobs(["one": [["fail": "exit code 1"], [:], ["run": true]]])
    let failed = try project.startWorkflow("--wait", "--as", "pipeline", expecting: 1)
    #expect(failed.out.hasPrefix("pipeline fixture: created\n"))
    #expect(failed.out.contains("exit code 1"), "\(failed.out)")
    try project.fillBucket()
    let second = try project.startWorkflow("--wait", "--as", "pipeline")
    #expect(second.out.contains("-2 succeeded"), "\(second.out)")
    #expect(second.err.contains("recorded: 3 results"), "\(second.err)")
    #expect(
      try project.startWorkflow("--as", "pipeline").out.contains("nothing started: "))
    let states = try lines(
      project.atelier("workflow", "progress", "--as", "pipeline", "--json"))
    #expect(states.contains { $0["state"] == "one" && $0["status"] == "succeeded" }, "\(states)")
    try project.startWorkflow("--as", "pipeline", "--again")
    #expect(
      try project.atelier("workflow", "stop", "--as", "pipeline").out.contains("was stopped"))
    try project.atelier("workflow", "delete", "--as", "pipeline")
    #expect(try project.census() == before)
  }

  @Test func whatSomebodyElseMadeIsLeftAlone() throws {
    let project = try WorkflowProject(region: "sa-east-1")
    let made = try Space.start(
      StandIns.python,
      [
        "-c",
        """
        import boto3, json
        boto3.client("stepfunctions", region_name="sa-east-1").create_state_machine(
            name="fixture", roleArn="arn:aws:iam::123456789012:role/theirs",
            definition=json.dumps({"StartAt": "a", "States": {"a": {"Type": "Succeed"}}}))
        """,
      ],
      environment: Space.tools.merging(BucketServer.keys) { $1 }.merging(
        ["AWS_ENDPOINT_URL": project.shared.server.url, "NO_PROXY": "127.0.0.1"]) { $1 },
      folder: project.shared.space.folder.path)
    try #require(made.code == 0, "\(made.err)")
    let before = try project.census()
    let refused = try project.startWorkflow(expecting: 2)
    #expect(refused.err.contains("was not made by Atelier"))
    #expect(try project.atelier("workflow", "delete", expecting: 2).err.contains("--name"))
    #expect(try project.shared.keys("jobs").isEmpty)
    #expect(try project.census() == before)
    #expect(
      try project.startWorkflow("--name", "mine").out.hasPrefix("state machine mine: created"))
  }
}
