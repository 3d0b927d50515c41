// Reads a file of a bucket into a data set: connections, a mapping, and a flow that runs once.
import AdobePlatform
import Content
import HTTP

/// Imports by flows from S3 into the data lake.
package struct ImportFlows: Sendable {
  package let service: FlowService
  package let prefix: String

  private static let bucket = "ecadc60c-7455-4d87-84dc-2a0e293d997b"
  /// Flows for one file that may fail before nothing more is sent.
  private static let mostAttempts = 20
  private static let mappings = "/data/foundation/conversion/mappingSets"

  package init(_ client: PlatformClient, prefix: String = "atelier") {
    service = FlowService(client)
    self.prefix = prefix
  }

  private var client: PlatformClient { service.client }

  /// A data set that rows go to.
  package struct Target: Sendable, Hashable {
    package let dataset: String
    /// The id of its schema.
    package let schema: String
    /// Columns of the file and where their values go in the schema.
    package let mapping: [String: String]

    package init(dataset: String, schema: String, mapping: [String: String]) {
      self.dataset = dataset
      self.schema = schema
      self.mapping = mapping
    }
  }

  /// The name of what all imports share.
  package var sharedNames: [(FlowKind, String)] { [(.connection, "\(prefix)-import-s3")] }

  /// Makes the connection to S3, by name, and gives its id.
  package func deploy(_ place: StoragePlace, _ keys: StorageKeys) throws -> String {
    var parameters = keys.json
    parameters["bucketName"] = .string(place.bucket)
    parameters["folderPath"] = .string(place.prefix)
    return try service.ensure(
      .connection, "\(prefix)-import-s3",
      [
        "auth": ["specName": "Access Key", "params": .object(parameters)],
        "connectionSpec": ["id": .string(Self.bucket), "version": "1.0"],
      ], secrets: [keys.accessKey, keys.secretKey])
  }

  /// Reads one file, `bucket/key`, of so many records into a data set, once; gives the version: its batch.
  ///
  /// Killed at any point, the next call goes on with what is there: all is named after the intent.
  package func load(
    file: String, records: Int64, into target: Target, connection: String, intent: IntentFile
  ) throws -> DataSetVersion {
    let known = try intent.load()
    var ids = known?.ids ?? [:]
    var attempt = min(max(ids["attempt"].flatMap { Int($0) } ?? 1, 1), Self.mostAttempts)
    if known?.phase == "failed" {
      attempt += 1
      ids = [:]
    }
    guard attempt <= Self.mostAttempts else {
      throw FailedFlowRun(
        name: intent.name, "failed \(Self.mostAttempts) times; nothing more is sent")
    }
    ids["attempt"] = "\(attempt)"
    func save(_ phase: String) throws { try intent.save(Intent(phase: phase, ids: ids)) }
    if ids["after"] == nil {
      // Batches that were there before are not this one.
      ids["after"] = try newestBatch(target.dataset)
      try save("begun")
    }
    // What failed stays as it is, and something new has another name.
    let name = attempt == 1 ? intent.name : "\(intent.name)-\(attempt)"
    if ids["mapping"] == nil {
      ids["mapping"] = try makeMapping(target, name)
      try save("mapped")
    }
    ids["flow"] = try flow(
      file, target, connection: connection, mapping: ids["mapping"] ?? "", name: name)
    try save("started")
    do {
      let run = try ended(ids["flow"] ?? "", records)
      let version = try arrived(target.dataset, run, after: ids["after"] ?? "")
      try save("done")
      return version
    } catch let failure as FailedFlowRun {
      try save("failed")
      throw failure
    }
  }

  private func flow(
    _ file: String, _ target: Target, connection: String, mapping: String, name: String
  ) throws -> String {
    let source = try service.ensure(
      .source, name,
      [
        "baseConnectionId": .string(connection), "data": ["format": "delimited"],
        "connectionSpec": ["id": .string(Self.bucket), "version": "1.0"],
        "params": ["path": .string("/" + file), "type": "file"],
      ])
    let lake = try service.specification("connectionSpecs", named: "datalake")
    let sink = try service.ensure(
      .target, name,
      [
        "connectionSpec": ["id": .string(lake.id), "version": .string(lake.version)],
        "data": [
          "format": "delimited",
          "schema": [
            "id": .string(target.schema),
            "version": "application/vnd.adobe.xed-full+json;version=1.0",
          ],
        ], "params": ["dataSetId": .string(target.dataset)],
      ])
    let spec = try service.specification("flowSpecs", named: "CloudStorageToAEP")
    // The service runs a flow only when its transformation has this name.
    return try service.ensure(
      .flow, name,
      [
        "flowSpec": ["id": .string(spec.id), "version": .string(spec.version)],
        "sourceConnectionIds": [.string(source)], "targetConnectionIds": [.string(sink)],
        "transformations": [
          [
            "name": "Mapping",
            "params": ["mappingId": .string(mapping), "mappingVersion": 0],
          ]
        ],
        "scheduleParams": [
          "startTime": .integer(client.timing.now().seconds), "frequency": "once",
        ],
      ], hidden: ["scheduleParams.startTime"])
  }

  /// A mapping set has no name that could be looked for; a second one, after an answer that was lost, is
  /// never used.
  private func makeMapping(_ target: Target, _ name: String) throws -> String {
    let answer = try client.post(
      Self.mappings, [QueryItem("validate", "true")],
      [
        "name": .string(name), "version": 0,
        "outputSchema": [
          "schemaRef": [
            "id": .string(target.schema),
            "contentType": "application/vnd.adobe.xed-full+json;version=1",
          ]
        ],
        "mappings": .array(
          target.mapping.sorted { $0.key < $1.key }.map { column, place in
            [
              "sourceType": "ATTRIBUTE", "source": .string(column), "destination": .string(place),
            ]
          }),
      ], isRepeatable: true)
    guard let id = answer["id"]?.string, PlatformID.isValid(id) else {
      throw UnexpectedAnswer("POST \(Self.mappings)", expected: "id of the mapping set")
    }
    return id
  }

  /// The run that read the file; runs without data are listed, too.
  private func ended(_ flow: String, _ records: Int64) throws -> FlowRun {
    try client.wait(for: "the data flow \(flow)") {
      let runs = try service.runs(ofFlow: flow)
      if let run = runs.first(where: { $0.hasSucceeded && $0.outputRecords == records }) {
        return .done(run)
      }
      if let run = runs.first(where: \.hasFailed) { throw FailedFlowRun(ended: run) }
      if let run = runs.first(where: { $0.hasSucceeded && ($0.outputRecords ?? 0) > 0 }) {
        throw FailedFlowRun(run, records: records)
      }
      return .waiting(runs.first.map { $0.status.isEmpty ? "queued" : $0.status } ?? "not started")
    }
  }

  private func newestBatch(_ dataset: String) throws -> String {
    try Catalog(client).batches(of: dataset).map(\.id).max() ?? ""
  }

  /// The version that is the batch that came.
  private func arrived(_ dataset: String, _ run: FlowRun, after: String) throws -> DataSetVersion {
    let catalog = Catalog(client)
    return try client.wait(for: "the batch of the data set \(dataset)") {
      let found = try catalog.batches(of: dataset).filter { $0.id > after }
      if let batch = found.first(where: { $0.hasSucceeded && $0.records == run.outputRecords }),
        let version = try catalog.version(of: dataset, batch: batch.id)
      {
        return .done(version)
      }
      if let batch = found.first(where: \.hasFailed) {
        throw FailedFlowRun(
          run, "wrote the batch \(batch.id), which ended '\(batch.status)' \(batch.errors)")
      }
      return .waiting(found.first?.status ?? "not listed yet")
    }
  }
}
