// A run of a data flow as the platform tells it. It sends nothing.
import AdobePlatform
import Content

/// A run of a flow.
package struct FlowRun: Sendable, Hashable {
  package let id: String
  package let flow: String
  /// The platform's word, such as `success`, `failed`, `inProgress`; empty while it has none.
  package let status: String
  /// Milliseconds since 1970.
  package let created: Int64
  package let started: Int64?
  package let completed: Int64?
  package let inputRecords: Int64?
  package let outputRecords: Int64?
  package let failedRecords: Int64
  package let files: Int64?
  package let errors: String

  /// Nil for something that is no run.
  init?(_ json: JSONValue) {
    guard let id = json["id"]?.string, PlatformID.isValid(id), let flow = json["flowId"]?.string
    else { return nil }
    self.id = id
    self.flow = flow
    let metrics = json["metrics"]
    func number(_ summary: String, _ name: String) -> Int64? {
      metrics?[summary]?[name]?.integer(in: 0...(1 << 53))
    }
    status = metrics?["statusSummary"]?["status"]?.string ?? ""
    created = json["createdAt"]?.integer(in: 0...(1 << 53)) ?? 0
    started = number("durationSummary", "startedAtUTC")
    completed = number("durationSummary", "completedAtUTC")
    inputRecords = number("recordSummary", "inputRecordCount")
    outputRecords = number("recordSummary", "outputRecordCount")
    failedRecords = number("recordSummary", "failedRecordCount") ?? 0
    files = number("fileSummary", "outputFileCount")
    errors = (metrics?["statusSummary"]?["errors"]?.array ?? []).prefix(3).compactMap { error in
      let words = [error["code"]?.string, error["message"]?.string].compactMap(\.self)
      return words.isEmpty ? nil : String(words.joined(separator: " ").prefix(300))
    }.joined(separator: "; ")
  }

  /// Whether it ended well: a failed run has an end, too.
  package var hasSucceeded: Bool { status == "success" && completed != nil }

  /// Whether it ended otherwise: `failed`, `partialSuccess`, `canceled` and what may come.
  package var hasFailed: Bool {
    let word = status.lowercased()
    if word == "success" || word.isEmpty { return false }
    return ["fail", "partial", "cancel", "abort"].contains { word.contains($0) }
  }
}

/// A run that did not do what it was for.
package struct FailedFlowRun: Error, Hashable, Sendable, CustomStringConvertible {
  package let run: String
  package let flow: String
  package let what: String

  package var description: String {
    "run \(run) of the data flow \(flow) \(what); see it under Sources or Destinations > Dataflow runs "
      + "in the platform's user interface"
  }

  init(_ run: FlowRun, _ what: String) {
    self.run = run.id
    flow = run.flow
    self.what = what
  }

  /// A flow that is not run again.
  init(name: String, _ what: String) {
    run = "-"
    flow = name
    self.what = what
  }

  /// A run that ended badly.
  init(ended run: FlowRun) {
    let words = run.errors.isEmpty ? "" : ": \(run.errors)"
    self.init(run, "ended '\(run.status)'\(words)")
  }

  /// A run that moved another number of records.
  init(_ run: FlowRun, records: Int64) {
    self.init(
      run,
      "wrote \(run.outputRecords.map(String.init) ?? "an unknown number of") records; expected "
        + "\(records)")
  }
}
