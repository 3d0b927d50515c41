// An empty region of the mock, and a project whose program works there. It knows no test.
import AtelierTesting
import Content
import Foundation

/// A user with a fresh account and a fresh checkout.
package struct StackAccount {
  /// One server for all; each test has a region of its own.
  package static let server = Result { try BucketServer(.aws) }

  package let region: String
  package let space: Space
  /// The name of the stack, which IAM and S3 put into theirs.
  package let stack: String
  package let url: String
  private let certificate: String

  /// `binary` nil: the release program; `server` nil: the one for all.
  package init(
    region: String, binary: String? = TestTools.built("atelier"), server: BucketServer? = nil
  ) throws {
    self.region = region
    let server = try server ?? Self.server.get()
    url = server.url
    certificate = server.certificate ?? ""
    stack = "atelier-" + region
    space = try Space()
    space.binary = binary
    space.environment = [
      "AWS_ACCESS_KEY_ID": "AKIDTEST", "AWS_SECRET_ACCESS_KEY": "s3cr3t-of-the-user",
      "AWS_REGION": region, "AWS_ENDPOINT_URL": url, "NO_PROXY": "127.0.0.1",
      "AWS_CA_BUNDLE": certificate,
    ]
  }

  /// Runs a verb; one about the stack names it.
  @discardableResult
  package func atelier(
    _ words: String..., settings: [String: String] = [:], expecting status: Int32? = 0
  ) throws -> EndedProgram {
    let name = words.first == "stack" ? ["--name", stack] : []
    return try space.atelier(words + name, settings, expecting: status)
  }

  /// The outputs of the stack by name.
  package func outputs() throws -> [String: String] {
    let lines = try atelier("stack", "outputs", "--json").lines()
    return (lines.first?["outputs"]?.object ?? [:]).compactMapValues(\.string)
  }

  /// What `Tests/Mock/account.py` answers.
  @discardableResult
  package func account(_ words: String...) throws -> JSONValue {
    let finished = try Space.start(
      BucketServer.venv + "/bin/python",
      [TestTools.root + "/Tests/Mock/account.py", region] + words,
      environment: Space.tools.merging(space.environment) { $1 },
      folder: space.root)
    guard finished.code == 0 else { throw ProgramError(finished.err) }
    return finished.out.isEmpty ? .null : try JSONValue(parsing: finished.out)
  }

  /// All that is in the region, and in IAM and S3 under the stack's name.
  package func census() throws -> [String: JSONValue] { try account("census", stack).object ?? [:] }

  /// A value of config.ini.
  package func configured(_ key: String) throws -> String {
    try atelier("config", "get", key).out.trimmingCharacters(in: .newlines)
  }

  /// Every file of the project and the store that holds a text.
  package func files(with text: String) throws -> [String] {
    let needle = Data(text.utf8)
    return try FileManager.default.subpathsOfDirectory(atPath: space.root).filter { path in
      Space.file("\(space.root)/\(path)")?.range(of: needle) != nil
    }
  }
}
