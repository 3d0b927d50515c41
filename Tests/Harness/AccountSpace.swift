// Four accounts, at the mock or in folders, with the files that name them. It knows no test.
import AtelierTesting
import Content
import Foundation
import HTTP

/// A user with accounts.json, constants.py and, at the mock, a profile for each account.
package struct AccountSpace {
  /// Where the accounts are: four folders, four accounts at the mock, or one that is for all.
  package enum Kind { case folders, mock, oneAccount }

  /// One server for all; each test has accounts of its own.
  package static let server = Result { try BucketServer(.accounts) }

  package let space: Space
  package let region = "eu-west-1"
  /// By `governance`, `dev`, `preprod`, `prod`: as accounts.json has them.
  package let places: [String: String]
  package let url: String

  /// `server` nil: the one for all.
  package init(_ kind: Kind, server: BucketServer? = nil) throws {
    space = try Space()
    space.settings = [
      "Accounts.file": "accounts.json", "Accounts.constants": "constants.py",
    ]
    let names = ["governance", "dev", "preprod", "prod"]
    switch kind {
    case .folders:
      places = Dictionary(uniqueKeysWithValues: names.map { ($0, "./accounts/\($0)") })
      url = ""
    case .mock, .oneAccount:
      let server = try server ?? Self.server.get()
      url = server.url
      let numbers = names.map { _ in
        String(UInt64.random(in: 100_000_000_000...999_999_999_999))
      }
      places = Dictionary(
        uniqueKeysWithValues: zip(names, numbers).map {
          ($0, kind == .oneAccount ? numbers[0] : $1)
        })
      space.environment = [
        "AWS_ENDPOINT_URL": url, "AWS_CA_BUNDLE": server.certificate ?? "",
        "NO_PROXY": "127.0.0.1", "AWS_CONFIG_FILE": space.root + "/aws.ini",
        "AWS_SHARED_CREDENTIALS_FILE": space.root + "/none",
      ]
    }
    try write(
      """
      [{
        "SET_NAME": "first-example",
        "DEV_ACCOUNT": "\(place("dev"))",
        "PREPROD_ACCOUNT": "\(place("preprod"))",
        "PROD_ACCOUNT": "\(place("prod"))",
        "DEPLOYMENT_REGION": "\(region)"
      }]
      """, "project/accounts.json")
    try write(
      """
      # The app's constants
      CODE_COMMIT_REPO_NAME = "mlops-infra"
      PIPELINE_BRANCH = "main"
      PIPELINE_ACCOUNT = "\(place("governance"))"
      DEFAULT_DEPLOYMENT_REGION = "\(region)"
      APP_PREFIX = "mlops"
      """, "project/constants.py")
    let profiles = places.map {
      "[profile mlops-\($0)]\nrole_arn = arn:aws:iam::\($1):role/admin\nsource_profile = user\n"
    }
    try write(
      "[profile user]\naws_access_key_id = AKIDTEST\naws_secret_access_key = s3cr3t-of-the-user\n"
        + profiles.sorted().joined(), "aws.ini")
  }

  /// A file in the space's folder.
  package func write(_ text: String, _ path: String) throws {
    try text.write(toFile: "\(space.root)/\(path)", atomically: true, encoding: .utf8)
  }

  /// A place, by what it is for.
  package func place(_ name: String) -> String { places[name] ?? "" }

  @discardableResult
  package func atelier(
    _ words: String..., settings: [String: String] = [:], expecting status: Int32? = 0
  ) throws -> EndedProgram {
    try space.atelier(words, settings, expecting: status)
  }

  /// What `Tests/Mock/accounts.py` answers.
  @discardableResult
  package func look(_ words: String...) throws -> JSONValue { try look(words) }

  private func look(_ words: [String]) throws -> JSONValue {
    let keys = ["AWS_ACCESS_KEY_ID": "AKIDTEST", "AWS_SECRET_ACCESS_KEY": "s3cr3t-of-the-user"]
    var environment = Space.tools.merging(space.environment) { $1 }.merging(keys) { $1 }
    environment["AWS_CONFIG_FILE"] = nil
    let finished = try Space.start(
      BucketServer.venv + "/bin/python",
      [TestTools.root + "/Tests/Mock/accounts.py", region] + words, environment: environment,
      folder: space.root)
    guard finished.code == 0 else { throw ProgramError(finished.err) }
    return finished.out.isEmpty ? .null : try JSONValue(parsing: finished.out)
  }

  /// All that the accounts hold: of the mock by kind and name, of folders every path.
  package func census() throws -> JSONValue {
    guard url.isEmpty else { return try look(["census"] + Set(places.values).sorted()) }
    let root = space.project + "/accounts"
    let paths = FileManager.default.subpaths(atPath: root) ?? []
    return .array(paths.filter { $0.contains("/") }.sorted().map { .string($0) })
  }

  /// Every file of the space that holds a text.
  package func files(with text: String) throws -> [String] {
    let needle = Data(text.utf8)
    return try FileManager.default.subpathsOfDirectory(atPath: space.root).filter { path in
      // What the program printed is captured beside the project.
      !path.hasPrefix("captured-")
        && Space.file("\(space.root)/\(path)")?.range(of: needle) != nil
    }
  }

  /// The templates of the products that a deployment in folders has left.
  package func products() throws -> [(name: String, text: String)] {
    try atelier("accounts", "deploy", "--yes")
    let root = space.project + "/accounts/dev/buckets"
    return try (FileManager.default.subpaths(atPath: root) ?? []).filter {
      $0.contains("/products/") && $0.hasSuffix(".json")
    }.map { path in
      (
        path.split(separator: "/").dropLast().last.map(String.init) ?? path,
        try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
      )
    }
  }
}

extension BucketServer {
  /// Holds the calls of the program behind this number until it was killed; nil: none.
  ///
  /// Counts from 0 again.
  package func cut(_ number: Int?) throws {
    let body = number.map { "\($0)" } ?? "null"
    _ = try control("POST", Array(body.utf8))
  }

  /// The calls of the program since then.
  package func calls() throws -> Int {
    Int(String(decoding: try control("GET", []), as: UTF8.self)) ?? 0
  }

  private func control(_ method: String, _ body: [UInt8]) throws -> [UInt8] {
    guard let base = ServiceURL(url) else { throw ProgramError("\(url) is no URL") }
    var settings = HTTPSettings()
    settings.certificates = certificate
    let sink = MemorySink(limit: 1 << 16)
    let request =
      body.isEmpty
      ? HTTPRequest(method, base, path: "/__cut")
      : HTTPRequest(method, base, path: "/__cut", body: .bytes(body))
    _ = try CurlTransport(settings).perform(request, sink: sink, isCancelled: { false })
    return sink.bytes
  }
}
