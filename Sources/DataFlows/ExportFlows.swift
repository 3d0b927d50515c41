// Exports a data set into a bucket: connections, a flow that is bound to it, and one run on demand.
import AdobePlatform
import Content
import HTTP

/// Exports by flows from the data lake to S3.
package struct ExportFlows: Sendable {
  package let service: FlowService
  /// Before the names of all that is made.
  package let prefix: String
  /// Seconds between two requests for a run that is not ready, and minutes until that is given up.
  package var readySeconds = 60.0
  package var readyMinutes = 15.0

  private static let lake = "23598e46-f560-407b-88d5-ea6207e49db0"
  private static let bucket = "4fce964d-3f37-408f-9778-e597338a21ee"
  private static let specification = "269ba276-16fc-47db-92b0-c1049a3c131f"
  private static let adHoc = "/data/core/activation/disflowprovider/adhocrun"
  private static let year: Int64 = 365 * 86_400

  package init(_ client: PlatformClient, prefix: String = "atelier") {
    service = FlowService(client)
    self.prefix = prefix
  }

  private var client: PlatformClient { service.client }

  /// The names of what all exports share: the connection and the target.
  package var sharedNames: [(FlowKind, String)] {
    [(.target, "\(prefix)-export-target"), (.connection, "\(prefix)-export-s3")]
  }

  /// Makes the connection to S3 and the target in it, by name; gives the target's id.
  package func deploy(_ place: StoragePlace, _ keys: StorageKeys) throws -> String {
    let connection = try service.ensure(
      .connection, "\(prefix)-export-s3",
      [
        "auth": ["specName": "Access Key", "params": .object(keys.json)],
        "connectionSpec": Self.spec(Self.bucket),
      ], secrets: [keys.accessKey, keys.secretKey])
    return try service.ensure(
      .target, "\(prefix)-export-target",
      [
        "baseConnectionId": .string(connection), "connectionSpec": Self.spec(Self.bucket),
        "params": [
          "mode": "Server-to-server", "compression": "gzip", "datasetFileType": "parquet",
          "bucketName": .string(place.bucket), "path": .string(place.prefix),
        ],
      ])
  }

  /// Makes the flow of one data set, by name, enables it where it is disabled, and gives its id.
  ///
  /// It never runs by its schedule, which begins in a year: a run is asked for. Without an end a flow
  /// stops by itself after six months.
  package func flow(of dataset: String, to target: String) throws -> String {
    let source = try service.ensure(
      .source, "\(prefix)-export-\(dataset)",
      [
        "connectionSpec": Self.spec(Self.lake), "data": ["format": "parquet"],
        "params": ["datasets": [["dataSetId": .string(dataset)]]],
      ])
    let start = client.timing.now().seconds + Self.year
    let id = try service.ensure(
      .flow, "\(prefix)-export-\(dataset)",
      [
        "flowSpec": Self.spec(Self.specification), "sourceConnectionIds": [.string(source)],
        "targetConnectionIds": [.string(target)], "transformations": [],
        "scheduleParams": [
          "interval": 1, "timeUnit": "day", "startTime": .integer(start),
          "endTime": .integer(start + Self.year),
        ],
      ], hidden: ["scheduleParams.startTime", "scheduleParams.endTime"])
    guard let flow = try service.item(.flow, id) else {
      throw UnexpectedAnswer("GET \(FlowService.path(.flow))/\(id)", expected: "flow")
    }
    try check(end: flow)
    try service.enable(flow: flow)
    return id
  }

  /// Throws for a flow whose time is over, or that ends by itself.
  private func check(end flow: FlowItem) throws {
    let end = flow.json["scheduleParams"]?["endTime"]?.integer(in: 0...(1 << 53))
    guard let end, end > client.timing.now().seconds else {
      throw DifferingFlowItem(
        kind: .flow, name: flow.name, id: flow.id, member: "scheduleParams.endTime",
        found: end.map { UnixTime(seconds: $0).iso8601 } ?? "nothing",
        expected: "a time to come, since a flow without one stops after six months")
    }
  }

  private static func spec(_ id: String) -> JSONValue { ["id": .string(id), "version": "1.0"] }

  // MARK: - One run

  /// Exports a data set once and gives the run, when it wrote `records`.
  ///
  /// The flow is bound to the data set, whose rows never change; so a run that is there is adopted.
  /// Killed at any point, the next call goes on.
  package func export(
    dataset: String, flow: String, records: Int64, intent: IntentFile
  ) throws -> FlowRun {
    var ids = ["flow": flow, "dataset": dataset]
    let known = try intent.load()
    if let run = known?.ids["run"], known?.ids["flow"] == flow, known?.phase != "failed" {
      ids["run"] = run
    }
    if ids["run"] == nil {
      try intent.save(Intent(phase: "asked", ids: ids))
      ids["run"] = try start(dataset, flow)
    }
    try intent.save(Intent(phase: "started", ids: ids))
    do {
      let run = try ended(ids["run"] ?? "", flow, records)
      try intent.save(Intent(phase: "done", ids: ids))
      return run
    } catch let failure as FailedFlowRun {
      try intent.save(Intent(phase: "failed", ids: ids))
      throw failure
    }
  }

  /// The id of the run: one that is there and did not fail, else a new one.
  private func start(_ dataset: String, _ flow: String) throws -> String {
    try client.wait(
      for: "the export of the data set \(dataset)", pollSeconds: readySeconds, minutes: readyMinutes
    ) {
      do {
        let run = try client.once {
          try service.runs(ofFlow: flow).first { !$0.hasFailed }?.id
        } make: {
          try ask(dataset, flow)
        }
        return .done(run)
      } catch let fault as PlatformFault {
        let words = "\(fault.code) \(fault.message)".lowercased()
        guard words.contains("not ready") || words.contains("already exists") else { throw fault }
        // A run that exists is listed a little later.
        return .waiting(words.contains("not ready") ? "not ready" : "started by somebody else")
      }
    }
  }

  private func ask(_ dataset: String, _ flow: String) throws -> String {
    let type = "application/vnd.adobe.adhoc.dataset.activation+json; version=1"
    let answer = try client.post(
      Self.adHoc, [],
      [
        "activationInfo": [
          "destinations": [
            ["flowId": .string(flow), "datasets": [["id": .string(dataset)]]]
          ]
        ]
      ], accept: type)
    let sets = (answer["destinations"]?.array ?? []).flatMap { $0["datasets"]?.array ?? [] }
    guard let started = sets.first(where: { ($0["flowId"]?.string ?? flow) == flow }),
      let run = started["statusURL"]?.string?.split(separator: "/").last.map(String.init),
      PlatformID.isValid(run)
    else { throw UnexpectedAnswer("POST \(Self.adHoc)", expected: "statusURL of the run") }
    return run
  }

  private func ended(_ id: String, _ flow: String, _ records: Int64) throws -> FlowRun {
    try client.wait(for: "run \(id) of the data flow \(flow)") {
      guard let run = try service.runs(ofFlow: flow).first(where: { $0.id == id }) else {
        return .waiting("not listed yet")
      }
      guard !run.hasFailed else { throw FailedFlowRun(ended: run) }
      guard run.hasSucceeded else { return .waiting(run.status.isEmpty ? "queued" : run.status) }
      guard run.outputRecords == records, run.failedRecords == 0 else {
        throw FailedFlowRun(run, records: records)
      }
      return .done(run)
    }
  }
}
