// A project whose jobs run as containers on the mock of SageMaker. It knows no test.
import AtelierTesting
import Content
import Foundation

/// A project over the fixture program whose jobs the mock really runs.
package struct ContainerProject {
  package let project: WorkflowProject
  /// Where the containers' output goes, a line of JSON a job.
  private let log: String

  package var shared: SharedProject { project.shared }

  /// A project in a region of its own, whose jobs reach the bucket by `endpoint`.
  package init(_ nodes: [JSONValue], region: String, endpoint: String? = nil) throws {
    project = try WorkflowProject(nodes, region: region)
    log = project.shared.space.folder("containers.jsonl")
    try TestFiles.write([], to: log)
    try set([:], endpoint: endpoint)
  }

  /// Says what each attempt of a job does, beside running.
  package func set(
    _ jobs: [String: JSONValue], tasks: [JSONValue] = [], endpoint: String? = nil
  ) throws {
    var environment = BucketServer.keys
    environment["AWS_ENDPOINT_URL"] = endpoint ?? shared.server.url
    environment["NO_PROXY"] = "127.0.0.1"
    // What a lost machine was at work on is free again after so long.
    environment["ATELIER_ATELIER_LEASE_SECONDS"] = "3"
    var told = jobs
    told["container"] = [
      "program": .string(TestPrograms.fixture), "project": .string(shared.space.folder.path),
      "log": .string(log), "environment": .object(environment.mapValues { .string($0) }),
    ]
    told["tasks"] = .array(tasks)
    try project.setJobs(.object(told))
  }

  /// The containers that have ended: their words, codes and output.
  package func containers() throws -> [JSONValue] {
    try TestFiles.text(log).split(separator: "\n").map { try JSONValue(parsing: String($0)) }
  }

  /// All that containers printed, for the words of a test.
  package var said: String { (try? TestFiles.text(log)) ?? "nothing" }

  /// How often a step was built by a container.
  package func builds(of step: String) throws -> Int {
    try containers().reduce(0) { count, container in
      let lines = (container["printed"]?.string ?? "").split(separator: "\n")
      return count + lines.count { $0.contains("\(step) ") && $0.contains("built") }
    }
  }

  /// The digests of a run without a bucket, in a store of its own.
  package func digestsOfLocalRun() throws -> [String: Digest] {
    let ended = try shared.start(
      "local", ["--set", "Atelier.store=local"]
    ).wait()
    guard ended.code == 0 else { throw ProgramError(ended.err) }
    return try Self.digests(ended)
  }

  /// The digests that a machine without any result finds in the bucket, and how it got each.
  package func digestsInBucket() throws -> (digests: [String: Digest], statuses: Set<String>) {
    let ended = try shared.run("reader-\(UUID().uuidString)")
    guard ended.code == 0 else { throw ProgramError(ended.err) }
    return (try Self.digests(ended), Set(ended.statuses.values))
  }

  private static func digests(_ run: EndedProgram) throws -> [String: Digest] {
    try Dictionary(
      uniqueKeysWithValues: run.statuses.keys.map { ($0, try run.digest(of: $0)) })
  }
}
