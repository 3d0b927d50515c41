// One test's part of the sandbox: its credentials, what is in it, and what goes wrong in it.
import AdobePlatform
import AtelierTesting
import Configuration
import Content
import HTTP

/// A sandbox of an organisation that belongs to one test.
package struct PlatformSpace: Sendable {
  package let sandbox: PlatformSandbox
  package let name: String
  package let organization: String
  package let client: String
  package let secret: String
  /// Where the server keeps the space's files and `state.json`.
  package let folder: String

  /// The settings that lead here.
  package func settings() throws -> PlatformSettings {
    guard let url = ServiceURL(sandbox.url) else { throw BrokenProperty("no URL") }
    return PlatformSettings(
      organization: organization, sandbox: name, clientID: client, clientSecret: Secret(secret),
      scopes: "openid,session", endpoint: url, tokenEndpoint: url, pollSeconds: 30, waitMinutes: 60)
  }

  /// The same as values of `config.ini`, for a program.
  package var values: [String: String] {
    [
      "Platform.ims_org_id": organization, "Platform.sandbox_name": name,
      "Platform.endpoint_url": sandbox.url, "Platform.ims_url": sandbox.url,
      "Platform.poll_seconds": "0.01", "Authentication.client_id": client,
      "Authentication.client_secret": secret,
    ]
  }

  /// A client whose clock stands still but for its own sleeping.
  package func platform(
    _ clock: TestClock = TestClock(), transport: (any HTTPTransport)? = nil,
    changing: (inout PlatformSettings) -> Void = { _ in }
  ) throws -> PlatformClient {
    var settings = try settings()
    changing(&settings)
    return PlatformClient(
      settings, transport: transport ?? CurlTransport(.service()), timing: clock.timing)
  }

  @discardableResult
  package func post(_ call: String, _ body: JSONValue) throws -> JSONValue {
    try sandbox.control("POST", call, space: name, body)
  }

  package func get(_ call: String) throws -> JSONValue {
    try sandbox.control("GET", call, space: name)
  }

  /// Orders faults, as the head of `sandbox.py` says; those ordered before are forgotten.
  package func spoil(_ faults: JSONValue...) throws { try post("faults", .array(faults)) }

  /// Turns knobs, as `state.py` lists them.
  package func turn(_ knobs: JSONValue) throws { try post("knobs", knobs) }

  /// How often calls whose `METHOD /path/{template}` begins with a text came.
  package func count(_ call: String) throws -> Int64 {
    (try get("counts").object ?? [:]).filter { $0.key.hasPrefix(call) }
      .reduce(0) { $0 + ($1.value.integer ?? 0) }
  }

  /// All calls in their order.
  package func calls() throws -> [String] { try get("calls").array?.compactMap(\.string) ?? [] }

  /// What did not fit Adobe's descriptions; tests expect none.
  package func violations() throws -> [String] {
    try get("violations").array?.compactMap(\.string) ?? []
  }

  /// Makes a data set and gives its id.
  package func makeDataSet(_ name: String = "events") throws -> String {
    try post("dataset", ["name": .string(name)])["id"]?.string ?? ""
  }

  /// Makes a data set feed Profile.
  package func enableProfile(_ dataset: String) throws {
    try Catalog(try platform()).enableProfile(dataset: dataset)
  }

  /// Removes a data set, as somebody else may.
  package func remove(dataset: String) throws {
    try platform().delete("/data/foundation/catalog/dataSets/\(dataset)")
  }

  /// Makes a batch of files and gives its id.
  @discardableResult
  package func makeBatch(
    _ dataset: String, records: Int64 = 0, status: String = "success",
    files: [String: String] = [:], id: String? = nil
  ) throws -> String {
    var body: [String: JSONValue] = [
      "dataset": .string(dataset), "records": .integer(records), "status": .string(status),
      "files": .object(files.mapValues(JSONValue.string)),
    ]
    if let id { body["id"] = .string(id) }
    return try post("batch", .object(body))["id"]?.string ?? ""
  }
}
