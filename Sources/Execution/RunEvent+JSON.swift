// What events of `--json` say of nodes and runs.
import Content

extension NodeReport {
  /// A step's event is `step`; deliveries, sources and branches have events of their own.
  package var eventName: String {
    switch status {
    case .hit, .built, .failed, .skipped, .notTaken: "step"
    case .delivered, .unchanged: "delivery"
    case .source: "source"
    case .selected: "branch"
    }
  }
}

extension RunSummary {
  /// The fields of the event `run`.
  package var json: [String: JSONValue] {
    var json: [String: JSONValue] = [
      "id": .string(id), "status": .string(outcome.rawValue), "hits": .integer(Int64(hits)),
      "built": .integer(Int64(built)), "failed": .integer(Int64(failed)),
      "skipped": .integer(Int64(skipped)), "seconds": .number((seconds * 1000).rounded() / 1000),
    ]
    if !irreproducible.isEmpty {
      json["irreproducible"] = .array(irreproducible.map { .string($0) })
    }
    return json
  }
}
