// Catalog: data sets and their batches.
import Content
import HTTP

/// A data set as Catalog tells it.
package struct DataSet: Hashable, Sendable {
  package let id: String
  package let name: String
  /// The name of its table in Query Service; nil where none is told.
  package let table: String?
  /// The id of its schema.
  package let schema: String?
  package let json: JSONValue

  init(id: String, json: JSONValue) {
    self.id = id
    self.json = json
    name = json["name"]?.string ?? ""
    table = json["tags"]?["adobe/pqs/table"]?.array?.first?.string
    schema = json["schemaRef"]?["id"]?.string
  }

  /// Whether the data set feeds profiles.
  package var isProfileEnabled: Bool {
    json["tags"]?["unifiedProfile"]?.array?.contains("enabled:true") ?? false
  }
}

/// A batch as Catalog tells it.
package struct Batch: Hashable, Sendable {
  package let id: String
  /// Such as `staging`, `success`, `failed`.
  package let status: String
  /// Nil where it is not told (yet).
  package let records: Int64?
  /// Records that could not be taken in.
  package let failedRecords: Int64
  /// The data sets that it belongs to.
  package let datasets: [String]
  package let json: JSONValue

  init(id: String, json: JSONValue) {
    self.id = id
    self.json = json
    status = json["status"]?.string ?? "unknown"
    func count(_ names: [String]) -> Int64? {
      let places = [json, json["metrics"] ?? .null]
      for place in places {
        for name in names {
          if let count = place[name]?.integer(in: 0...(1 << 53)) { return count }
        }
      }
      return nil
    }
    records = count(["recordCount", "outputRecordCount"])
    failedRecords = count(["failedRecordCount"]) ?? 0
    datasets = (json["relatedObjects"]?.array ?? []).compactMap {
      $0["type"]?.string == "dataSet" ? $0["id"]?.string : nil
    }
  }

  /// Whether all its rows are in the data set.
  package var hasSucceeded: Bool { status == "success" }

  /// Whether it will never succeed.
  package var hasFailed: Bool {
    ["failure", "failed", "aborted", "abandoned", "inactive", "deleted"].contains(status)
  }

  /// What Catalog says of its errors, for a message; empty where it says nothing.
  package var errors: String {
    (json["errors"]?.array ?? []).prefix(3).compactMap { error in
      let words = [error["code"], error["description"]].compactMap {
        $0.flatMap(PlatformClient.text)
      }
      return words.isEmpty ? nil : String(words.joined(separator: " ").prefix(300))
    }.joined(separator: "; ")
  }
}

/// Reads and changes Catalog.
package struct Catalog: Sendable {
  package let client: PlatformClient
  static let root = "/data/foundation/catalog"

  package init(_ client: PlatformClient) { self.client = client }

  /// The data set of an id; nil where there is none.
  package func dataSet(_ id: String) throws -> DataSet? {
    guard PlatformID.isValid(id) else { return nil }
    let answer = try client.find("\(Self.root)/dataSets/\(id)")
    return answer?[id].map { DataSet(id: id, json: $0) }
  }

  /// The data sets of exactly that name.
  package func dataSets(named name: String) throws -> [DataSet] {
    try client.catalogEntries("\(Self.root)/dataSets", [QueryItem("name", name)])
      .map { DataSet(id: $0.id, json: $0.value) }.filter { $0.name == name }
  }

  /// A batch; nil where there is none.
  package func batch(_ id: String) throws -> Batch? {
    guard PlatformID.isValid(id) else { return nil }
    let answer = try client.find("\(Self.root)/batches/\(id)")
    return answer?[id].map { Batch(id: id, json: $0) }
  }

  /// The batches that their sender gave an id of its own.
  package func batches(externalID: String) throws -> [Batch] {
    try batches([QueryItem("externalId", externalID)])
      .filter { $0.json["externalId"]?.string == externalID }
  }

  /// The batches of a data set in the order of their ids, those of one status where one is given.
  package func batches(of dataset: String, status: String? = nil) throws -> [Batch] {
    let filter = status.map { [QueryItem("status", $0)] } ?? []
    return try batches([QueryItem("dataSet", dataset)] + filter)
      .filter { status == nil || $0.status == status }
  }

  /// Oldest first, so that a batch that comes between two pages is not counted twice.
  private func batches(_ query: [QueryItem]) throws -> [Batch] {
    try client.catalogEntries(
      "\(Self.root)/batches", query + [QueryItem("orderBy", "asc:created")]
    )
    .map { Batch(id: $0.id, json: $0.value) }.sorted { $0.id < $1.id }
  }

  /// The version of a data set that is there now: two requests while it has fewer than 100 batches.
  ///
  /// Nil where there is no such data set.
  package func version(of dataset: String) throws -> DataSetVersion? {
    guard let found = try dataSet(dataset) else { return nil }
    let batches = try batches(of: found.id, status: "success")
    return DataSetVersion(client.settings, dataset: found.id, batches: try counted(batches))
  }

  /// The version that is one batch of a data set; nil where that has no such batch that succeeded.
  package func version(of dataset: String, batch id: String) throws -> DataSetVersion? {
    guard let found = try dataSet(dataset), let batch = try batch(id), batch.hasSucceeded,
      batch.datasets.contains(found.id)
    else { return nil }
    return DataSetVersion(client.settings, dataset: found.id, batches: try counted([batch]))
  }

  private func counted(_ batches: [Batch]) throws -> [DataSetVersion.Batch] {
    try batches.map { batch in
      guard let records = batch.records else {
        throw UnexpectedAnswer(
          "GET \(Self.root)/batches", expected: "recordCount of the batch \(batch.id)")
      }
      return DataSetVersion.Batch(id: batch.id, records: records)
    }
  }

  /// Makes a data set of a schema and gives its id; the caller looks for it first.
  package func makeDataSet(name: String, schema: String) throws -> String {
    let path = "\(Self.root)/dataSets"
    let answer = try client.post(
      path, [QueryItem("requestDataSource", "false")],
      [
        "name": .string(name),
        "schemaRef": [
          "id": .string(schema),
          "contentType": "application/vnd.adobe.xed+json;version=1",
        ],
        "fileDescription": ["persisted": true, "containerFormat": "parquet", "format": "parquet"],
        "tags": [:],
      ])
    return try Self.id(inAnswer: answer, prefix: "@/dataSets/", "POST \(path)")
  }

  /// Lets a data set feed profiles, which cannot be undone.
  package func enableProfile(dataset id: String) throws {
    try client.patch(
      "\(Self.root)/dataSets/\(id)",
      [JSONPatch("add", "/tags/unifiedProfile", ["enabled:true"])])
  }

  /// Removes a data set with its rows; false where none was.
  package func delete(dataset id: String) throws -> Bool {
    try client.delete("\(Self.root)/dataSets/\(id)")
  }

  /// `["@/dataSets/650..."]`.
  private static func id(
    inAnswer answer: JSONValue, prefix: String, _ request: String
  ) throws -> String {
    guard let text = answer.array?.first?.string, text.hasPrefix(prefix),
      case let id = String(text.dropFirst(prefix.count)), PlatformID.isValid(id)
    else { throw UnexpectedAnswer(request, expected: "link \(prefix)<id>") }
    return id
  }
}
