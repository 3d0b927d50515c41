// Flow Service: get or create by name, compare what is there, enable, look at runs.
import AdobePlatform
import Configuration
import Content
import HTTP

/// A client of Flow Service; it decides nothing about which flows there are.
package struct FlowService: Sendable {
  package let client: PlatformClient
  static let root = "/data/foundation/flowservice"

  package init(_ client: PlatformClient) { self.client = client }

  static func path(_ kind: FlowKind) -> String { "\(root)/\(kind.rawValue)" }

  /// All things of a kind with that name that are not deleted.
  package func items(_ kind: FlowKind, named name: String) throws -> [FlowItem] {
    try client.linkedEntries(
      Self.path(kind), [QueryItem("property", "name==\(name)"), QueryItem("limit", "50")],
      list: "items"
    ).compactMap { FlowItem(kind, $0) }.filter { $0.name == name && !$0.isDeleted }
  }

  /// The thing of an id; nil where there is none.
  package func item(_ kind: FlowKind, _ id: String) throws -> FlowItem? {
    guard PlatformID.isValid(id) else { return nil }
    let answer = try client.find("\(Self.path(kind))/\(pathPart(id))")
    return (answer?["items"]?.array?.first ?? answer).flatMap { FlowItem(kind, $0) }
      .flatMap { $0.isDeleted ? nil : $0 }
  }

  /// The id of the thing of a name, made where there is none.
  ///
  /// One that is there must have every member of `body` but those of `hidden`, which the service does not
  /// tell or which may differ; else `DifferingFlowItem` is thrown. `secrets` are hidden in errors.
  package func ensure(
    _ kind: FlowKind, _ name: String, _ body: [String: JSONValue], hidden: Set<String> = [],
    secrets: [Secret] = []
  ) throws -> String {
    var body = body
    body["name"] = .string(name)
    let wish = JSONValue.object(body)
    let path = Self.path(kind)
    do {
      return try client.once {
        // Of several with the name any that is as wished will do; else the first is reported.
        var differing: DifferingFlowItem?
        for item in try items(kind, named: name) {
          // Some lists leave parameters out.
          let whole = try self.item(kind, item.id) ?? item
          guard
            let difference = Comparison.difference(
              wish, whole.json, hidden: hidden.union(["auth.params"]))
          else { return item.id }
          differing =
            differing
            ?? DifferingFlowItem(
              kind: kind, name: name, id: item.id, member: difference.member,
              found: difference.found, expected: difference.expected)
        }
        if let differing { throw differing }
        return nil
      } make: {
        let answer = try client.post(path, [], wish)
        guard let id = answer["id"]?.string, PlatformID.isValid(id) else {
          throw UnexpectedAnswer("POST \(path)", expected: "id")
        }
        return id
      }
    } catch {
      guard let fault = error as? PlatformFault else { throw error }
      throw fault.hiding(secrets.map { $0.reveal() })
    }
  }

  /// Enables a flow that is disabled; true where it was.
  @discardableResult
  package func enable(flow: FlowItem) throws -> Bool {
    guard flow.state == "disabled" else { return false }
    try client.post(
      "\(Self.path(.flow))/\(pathPart(flow.id))/action", [QueryItem("op", "enable")],
      isRepeatable: true)
    return true
  }

  /// Removes things of those names and gives their ids; what is gone is fine.
  @discardableResult
  package func delete(_ kind: FlowKind, named name: String) throws -> [String] {
    try items(kind, named: name).compactMap { item in
      try client.delete("\(Self.path(kind))/\(pathPart(item.id))") ? item.id : nil
    }
  }

  /// The runs of a flow, newest first.
  package func runs(ofFlow id: String) throws -> [FlowRun] {
    try client.linkedEntries(
      "\(Self.root)/runs",
      [
        QueryItem("property", "flowId==\(id)"), QueryItem("limit", "50"),
        QueryItem("orderby", "-createdAt"),
      ], list: "items"
    ).compactMap { FlowRun($0) }.filter { $0.flow == id }
      .sorted { ($1.created, $1.id) < ($0.created, $0.id) }
  }

  /// The id of a specification by its name, such as `CloudStorageToAEP`.
  package func specification(_ kind: String, named name: String) throws -> (
    id: String, version: String
  ) {
    let path = "\(Self.root)/\(kind)"
    let answer = try client.get(path, [QueryItem("property", "name==\(name)")])
    guard let item = answer["items"]?.array?.first(where: { $0["name"]?.string == name }),
      let id = item["id"]?.string, PlatformID.isValid(id)
    else { throw UnexpectedAnswer("GET \(path)", expected: "specification named \(name)") }
    return (id, item["version"]?.string ?? "1.0")
  }
}
