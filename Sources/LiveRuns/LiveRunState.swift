// What the lines of a journal say of a run, as a value. It reads no file.
import Content

/// A run that goes on, as far as its journal was read.
package struct LiveRunState: Sendable {
  /// A node of a run that goes on.
  package struct Node: Hashable, Sendable {
    package let name: String
    /// `waiting`, `running`, or the status at its end.
    package fileprivate(set) var status = "waiting"
    /// Milliseconds since 1970 at which it started; of an ended node, how many it took.
    package fileprivate(set) var milliseconds: Int64 = 0
    /// Hundredths that are done, as the step tells; nil where it tells nothing.
    package fileprivate(set) var percent: Int?
    package fileprivate(set) var key: String?
  }

  private var places: [String: Int] = [:]

  /// The run's record as far as there is one; nil before the journal's first line.
  package private(set) var head: JSONValue?
  package private(set) var nodes: [Node] = []
  /// What each node that has begun told last; of an ended one, what will stand in the record.
  package private(set) var reports: [String: JSONValue] = [:]

  package init() {}

  /// Takes in a line; the position of the node that it is about, nil for none.
  ///
  /// What is no line of a journal is passed over.
  package mutating func take(line: [UInt8]) -> Int? {
    guard let event = try? JSONValue(parsing: line), let name = event["event"]?.string else {
      return nil
    }
    if name == "run" {
      if head == nil { begin(event) }
      return nil
    }
    guard let step = event["step"]?.string, let place = places[step] else { return nil }
    switch name {
    case "start":
      nodes[place].status = "running"
      nodes[place].percent = nil
      nodes[place].key = event["key"]?.string
      nodes[place].milliseconds = Self.milliseconds(event["at"])
      reports[step] = .object((event.object ?? [:]).merging(["status": "running"]) { $1 })
    case "progress":
      nodes[place].percent = event["percent"]?.integer.map { Int(min(max($0, 0), 100)) }
    case "end":
      nodes[place].status = event["status"]?.string ?? "unknown"
      nodes[place].percent = nil
      nodes[place].key = event["key"]?.string ?? nodes[place].key
      nodes[place].milliseconds = Self.milliseconds(event["seconds"])
      reports[step] = event
    default: return nil
    }
    return place
  }

  private mutating func begin(_ event: JSONValue) {
    head = event
    nodes = (event["nodes"]?.array ?? []).compactMap(\.string).map { Node(name: $0) }
    for (place, node) in nodes.enumerated() { places[node.name] = place }
  }

  /// Seconds as milliseconds; 0 for what no clock shows.
  package static func milliseconds(_ seconds: JSONValue?) -> Int64 {
    guard let number = seconds?.number, abs(number) < 1e12 else { return 0 }
    return Int64(number * 1000)
  }
}
