// A project whose workflows run on the mock of Step Functions and SageMaker. It knows no test.
import AtelierTesting
import Content
import Foundation
import S3

/// A project over the fixture program, a bucket, and a region in which its workflows run.
package struct WorkflowProject {
  /// One server for all; each project has a bucket and a region of its own.
  package static let server = Result { try BucketServer(.workflows) }
  package static let role = "arn:aws:iam::123456789012:role/workflow"
  package static let jobRole = "arn:aws:iam::123456789012:role/jobs"
  package static let image = "registry/atelier:1"

  package let shared: SharedProject
  package let region: String

  package init(_ nodes: [JSONValue] = SharedProject.chain, region: String) throws {
    shared = try SharedProject(nodes, server: Self.server.get())
    self.region = region
  }

  private var environment: [String: String] { ["AWS_REGION": region] }

  /// Starts a verb on a machine, which has a store of its own.
  package func start(
    _ words: [String], on machine: String = "b", endpoint: String? = nil
  ) throws -> RunningProgram {
    try shared.start(machine, verb: words, endpoint: endpoint, environment: environment)
  }

  /// Runs a verb to its end; throws where it ends otherwise than expected.
  @discardableResult
  package func atelier(
    _ words: String..., on machine: String = "b", endpoint: String? = nil,
    expecting code: Int32? = 0
  ) throws -> EndedProgram {
    let ended = try start(words, on: machine, endpoint: endpoint).wait()
    if let code, ended.code != code {
      throw ProgramError("\(words) ended with \(ended.code): \(ended.out) \(ended.err)")
    }
    return ended
  }

  /// `workflow start` with all that an execution needs.
  @discardableResult
  package func startWorkflow(
    _ words: String..., on machine: String = "b", expecting code: Int32? = 0
  ) throws -> EndedProgram {
    let ended = try start(Self.startWords + words, on: machine).wait()
    if let code, ended.code != code {
      throw ProgramError("start \(words) ended with \(ended.code): \(ended.out) \(ended.err)")
    }
    return ended
  }

  /// The words of a start with all that an execution needs.
  package static let startWords = [
    "workflow", "start", "--image", image, "--role", jobRole, "--workflow-role", role,
  ]

  /// Does the work of the jobs: what they would leave in the bucket.
  package func fillBucket() throws {
    let ended = try shared.run("jobs")
    guard ended.code == 0 else { throw ProgramError(ended.err) }
  }

  /// Says what each attempt of a job does.
  package func setJobs(_ jobs: JSONValue) throws {
    try shared.client.put(jobs.canonicalBytes(), key: "mock/jobs.json")
  }

  /// All workflows, endpoints, rules and roles of the region.
  package func census() throws -> JSONValue {
    let ended = try Space.start(
      StandIns.python, [TestTools.root + "/Tests/Mock/census.py", region],
      environment: Space.tools.merging(BucketServer.keys) { $1 }.merging(
        ["AWS_ENDPOINT_URL": shared.server.url, "NO_PROXY": "127.0.0.1"]) { $1 },
      folder: shared.space.folder.path)
    guard ended.code == 0 else { throw ProgramError(ended.err) }
    return try JSONValue(parsing: ended.out)
  }
}
