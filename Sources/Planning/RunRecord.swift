// What one run did and why, as a JSON document beside the results.
import Content
import Execution

/// One step in a run record.
package struct StepRecord: Sendable {
  package let status: String
  package let key: ActionKey?
  /// The key document, kept where no result holds it: failures and uncached results.
  package let document: JSONValue?
  package let seconds: Double
  /// Whether the run made the result, or took it from another step that did, and did not cache it.
  package let wasNotKept: Bool
  /// Whether that was since an input moved meanwhile.
  package let hadMovedInput: Bool
}

/// A run record, read back.
package struct RunRecord: Sendable {
  package let id: String
  package let workshop: String
  /// The workshop and, for a run that is none of its own runs, what it was: `propensity check small`.
  ///
  /// A run is compared with those before it in its series.
  package let series: String
  package let startedAt: String
  package let status: String
  package let json: JSONValue

  /// Reads a record; nil where it is of another form.
  package init?(json: JSONValue) {
    guard json["v"]?.integer == 1, let id = json["id"]?.string,
      let workshop = json["workshop"]?.string, let status = json["status"]?.string
    else { return nil }
    self.id = id
    self.workshop = workshop
    series = Self.series(of: workshop, json["series"]?.string)
    self.status = status
    startedAt = json["startedAt"]?.string ?? ""
    self.json = json
  }

  package static func series(of workshop: String, _ name: String?) -> String {
    name.map { "\(workshop) \($0)" } ?? workshop
  }

  /// Whether the run ended with that key for a step, and not by its failure.
  package func holds(_ name: String, key: JSONValue?) -> Bool {
    guard let step = json["steps"]?[name] else { return false }
    return step["key"] == key && step["status"] != "failed"
  }

  /// A step of the run, or nil where the run did not hold it.
  package func step(_ name: String) -> StepRecord? {
    guard let step = json["steps"]?[name], let status = step["status"]?.string else { return nil }
    return StepRecord(
      status: status, key: step["key"]?.string.flatMap { Digest($0) }.map(ActionKey.init),
      document: step["document"], seconds: step["seconds"]?.number ?? 0,
      wasNotKept: step["cached"]?.bool == false,
      hadMovedInput: step["inputMoved"]?.bool == true)
  }
}

extension NodeReport {
  /// The report as it stands in run records and `--json` events.
  package var json: [String: JSONValue] {
    var json: [String: JSONValue] = ["step": .string(name), "status": .string(status.rawValue)]
    if let key { json["key"] = .string(key.description) }
    if !outputs.isEmpty {
      json["outputs"] = .object(
        outputs.mapValues {
          ["digest": .string($0.digest.description), "size": .integer($0.size)]
        })
    }
    if let explanation { json.merge(explanation.json) { $1 } }
    // Milliseconds are all that a clock of a shared machine means.
    json["seconds"] = .number((seconds * 1000).rounded() / 1000)
    if let message { json["message"] = .string(message) }
    if !warnings.isEmpty { json["warnings"] = .array(warnings.map { .string($0) }) }
    if let published { json["published"] = published.json }
    if !isCached { json["cached"] = false }
    if hadMovedInput { json["inputMoved"] = true }
    if isFromRemote { json["from"] = "remote" }
    if let site {
      json["engine"] = .string(site.engine)
      json["job"] = .string(site.job)
      json["node"] = .string(site.node)
      json["instance"] = site.instance.map { .string($0) }
    }
    return json
  }
}

extension Explanation {
  /// The cause and the changed fields.
  package var json: [String: JSONValue] {
    var json: [String: JSONValue] = [
      "cause": .string(cause.rawValue), "reasons": .array(changes.map(\.json)),
    ]
    if let against { json["against"] = .string(against) }
    if let summary, !summary.settings.isEmpty {
      json["settings"] = .array(summary.settings.map(\.json))
    }
    if let summary, !summary.follows.isEmpty {
      json["follows"] = .array(summary.follows.map { .string($0) })
    }
    return json
  }
}

extension FieldChange {
  /// `{"field": ..., "old": ..., "new": ...}`; a side that lacks the field is null.
  package var json: JSONValue {
    ["field": .string(field), "old": old ?? .null, "new": new ?? .null]
  }
}
