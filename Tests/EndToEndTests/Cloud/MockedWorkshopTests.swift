// The workshops as workflows whose jobs really run: the bytes of a local run.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs, .enabled(if: StandIns.isInstalled, Comment(rawValue: StandIns.absence)))
struct MockedWorkshopTests {
  /// What every workshop has in its bucket, and how the mock runs its containers.
  private static func start(
    _ project: String, bucket: String, log: String, variables: [String: String]
  ) throws {
    let server = try WorkflowProject.server.get()
    var environment = variables.merging(BucketServer.keys) { $1 }
    environment["AWS_ENDPOINT_URL"] = server.url
    environment["NO_PROXY"] = "127.0.0.1"
    let told: JSONValue = [
      "container": [
        "program": .string(try Space.program()), "project": .string(project),
        "log": .string(log), "environment": .object(environment.mapValues { .string($0) }),
      ]
    ]
    try server.client(bucket).put(told.canonicalBytes(), key: "mock/jobs.json")
  }

  /// Runs a workshop here and as a workflow, and compares what a third machine finds in the bucket.
  private func compare(_ space: WorkshopSpace, region: String, as kind: String = "machine") throws {
    let server = try WorkflowProject.server.get()
    let bucket = try server.makeBucket()
    let log = space.folder("containers.jsonl")
    try TestFiles.write([], to: log)
    try Self.start(
      space.folder("project"), bucket: bucket, log: log, variables: WorkshopSpace.tools)
    let target = "\(space.name)/\(space.last)"
    let local = try RunReport(space.atelier(["run", target, "--json"]).lines())
    space.variables = BucketServer.keys.merging([
      "AWS_ENDPOINT_URL": server.url, "NO_PROXY": "127.0.0.1", "AWS_REGION": region,
    ]) { $1 }
    let shared = [
      "Atelier.store": "s3", "AWS.s3_bucket_name": bucket,
      "Atelier.root": space.folder("store-of-starter"),
    ]
    let pipeline = kind == "pipeline" ? ["--as", "pipeline"] : []
    let started = try space.atelier(
      ["workflow", "start", target, "--wait"] + pipeline + WorkflowProject.startWords.dropFirst(2),
      shared)
    #expect(started.out.contains("succeeded"), "\(started.out) \((try? TestFiles.text(log)) ?? "")")
    let found = try RunReport(
      space.atelier(
        ["run", target, "--json"],
        shared.merging(["Atelier.root": space.folder("store-of-reader")]) { $1 }
      ).lines())
    #expect(found.built.isEmpty, "\(found.built)")
    #expect(!local.digests.isEmpty && found.digests == local.digests)
  }

  @Test func retailAsAMachine() throws {
    try compare(.retail(), region: "mx-central-1")
  }

  @Test(.enabled(if: TestPrograms.isSoak, "make soak-aws"))
  func retailAsAPipeline() throws {
    try compare(.retail(), region: "ap-south-2", as: "pipeline")
  }

  @Test(.enabled(if: TestPrograms.isSoak, "make soak-aws"))
  func churnAsAMachine() throws {
    try compare(.churn(), region: "ap-east-1")
  }

  @Test(.enabled(if: TestPrograms.isSoak, "make soak-aws"))
  func abaloneAsAMachine() throws {
    try compare(.abalone(), region: "ap-east-2")
  }

  @Test(.enabled(if: TestPrograms.isSoak, "make soak-aws"))
  func propensityAsAMachine() throws {
    try compare(.propensity(), region: "eu-central-2")
  }
}
