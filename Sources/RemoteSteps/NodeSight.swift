// What a node saw of itself when it was asked for nothing else.
import Content

/// What a job found on its node.
package struct NodeSight: Sendable {
  package let node: String
  /// Seconds since 1970 by the node's clock.
  package let clock: Double
  package let isConfined: Bool

  package init(node: String, clock: Double, isConfined: Bool) {
    self.node = node
    self.clock = clock
    self.isConfined = isConfined
  }

  package func bytes() throws -> [UInt8] {
    try JSONValue.object([
      "v": 1, "node": .string(node), "clock": .number(clock), "confined": .bool(isConfined),
    ]).canonicalBytes()
  }

  /// Reads it back; nil for anything else.
  package init?(bytes: [UInt8]) {
    guard let json = try? JSONValue(parsing: bytes), let node = json["node"]?.string,
      let clock = json["clock"]?.number, let isConfined = json["confined"]?.bool
    else { return nil }
    self.init(node: node, clock: clock, isConfined: isConfined)
  }
}
