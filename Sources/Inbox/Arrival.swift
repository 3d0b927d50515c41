// One file that arrived, and what became of it. As JSON it is a file of the ledger.
import Content

/// A file that arrived with some content, and how far its run is.
package struct Arrival: Hashable, Sendable {
  package enum State: String, Sendable {
    /// Its turn comes; also after a kill amid its run.
    case waiting
    case done
    /// A step or its input was at fault; kept with the reason, and tried again only when asked.
    case failed
  }

  /// From 1, in the order of arrival.
  package let sequence: Int
  /// The object's name below the inbox's location.
  package let object: String
  package let digest: Digest
  /// The version that was seen last with this content.
  package var version: String
  package let arrived: Timestamp
  package var state: State
  /// The run that ended it.
  package var run: String?
  /// Why it failed.
  package var reason: String?
  package var ended: Timestamp?
  /// How many runs were begun for it.
  package var attempts: Int

  package init(
    sequence: Int, object: String, digest: Digest, version: String, arrived: Timestamp,
    state: State = .waiting, attempts: Int = 0
  ) {
    self.sequence = sequence
    self.object = object
    self.digest = digest
    self.version = version
    self.arrived = arrived
    self.state = state
    self.attempts = attempts
  }

  /// The entry as JSON, in files and in events.
  package var json: [String: JSONValue] {
    var json: [String: JSONValue] = [
      "v": 1, "sequence": .integer(Int64(sequence)), "object": .string(object),
      "digest": .string(digest.description), "version": .string(version),
      "arrived": .string(arrived.iso8601), "state": .string(state.rawValue),
      "attempts": .integer(Int64(attempts)),
    ]
    if let run { json["run"] = .string(run) }
    if let reason { json["reason"] = .string(reason) }
    if let ended { json["ended"] = .string(ended.iso8601) }
    return json
  }

  /// More than any inbox sees: a number beyond it is no count.
  private static let mostArrivals: Int64 = 1 << 40

  /// nil for JSON of another form.
  package init?(json: JSONValue) {
    guard json["v"]?.integer == 1,
      let sequence = json["sequence"]?.integer(in: 1...Self.mostArrivals),
      let object = json["object"]?.string, let version = json["version"]?.string,
      let digest = json["digest"]?.string.flatMap({ Digest($0) }),
      let arrived = json["arrived"]?.string.flatMap({ Timestamp(iso8601: $0) }),
      let state = json["state"]?.string.flatMap({ State(rawValue: $0) }),
      let attempts = json["attempts"]?.integer(in: 0...Self.mostArrivals)
    else { return nil }
    self.init(
      sequence: Int(sequence), object: object, digest: digest, version: version, arrived: arrived,
      state: state, attempts: Int(attempts))
    run = json["run"]?.string
    reason = json["reason"]?.string
    ended = json["ended"]?.string.flatMap { Timestamp(iso8601: $0) }
  }
}
