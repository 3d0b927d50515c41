// A fixture project whose steps do what a test tells them while they run.
import AtelierTesting
import Content
import Foundation

/// A workshop whose steps run until the test lets them go.
package struct HeldSpace {
  package let space: FixtureSpace
  package let orders: String

  /// The names of the nodes: those with `held` obey, the others are done at once.
  package init(held: [String], quick: [String] = [], others: [JSONValue] = []) throws {
    space = try FixtureSpace([])
    orders = space.folder("orders")
    try FileManager.default.createDirectory(atPath: orders, withIntermediateDirectories: true)
    let nodes: [JSONValue] =
      quick.map { ["name": .string($0), "quick": "x"] }
      + held.map { ["name": .string($0), "held": .string(orders)] } + others
    try space.setGraph(nodes)
  }

  /// Tells a step what to do.
  package func tell(_ step: String, _ order: String) throws {
    let path = "\(orders)/\(step)"
    let before = (try? TestFiles.text(path)) ?? ""
    try TestFiles.write(Array((before + order + "\n").utf8), to: path)
  }
}
