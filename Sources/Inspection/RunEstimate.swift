// About how long a run will take, from the times that steps took last.
import Atelier

/// An estimate over some slots.
package struct RunEstimate {
  /// Seconds until the last step ends, if each takes as long as last time.
  package let seconds: Double
  /// The seconds of all steps together.
  package let work: Double
  /// The longest chain of steps that wait for each other, first step first.
  package let chain: [String]
  /// Due steps whose time nobody knows; they count as nothing.
  package let unknown: [String]

  /// Plays the run through: a free slot takes the first step in graph order that is ready.
  ///
  /// `due` are the nodes that a run would execute. What is current takes no time.
  package init(_ graph: Graph, due: Set<Int>, seconds known: [Int: Double], jobs: Int) {
    let waits = Dictionary(
      uniqueKeysWithValues: due.map { ($0, Self.needed(by: $0, in: graph, among: due)) })
    let ends = SlotSchedule(waits, seconds: known, slots: jobs).ends
    self.seconds = ends.values.max() ?? 0
    work = due.reduce(0) { $0 + (known[$1] ?? 0) }
    unknown = due.sorted().filter { known[$0] == nil && graph.nodes[$0].step != nil }
      .map { graph.nodes[$0].name }
    chain = Self.longestChain(graph, due, known)
  }

  private static func needed(by index: Int, in graph: Graph, among due: Set<Int>) -> [Int] {
    graph.nodes[index].dependencies.filter(due.contains)
  }

  private static func longestChain(
    _ graph: Graph, _ due: Set<Int>, _ known: [Int: Double]
  ) -> [String] {
    var length: [Int: Double] = [:]
    var before: [Int: Int] = [:]
    for index in due.sorted() {
      let slowest = needed(by: index, in: graph, among: due)
        .max { (length[$0] ?? 0, $1) < (length[$1] ?? 0, $0) }
      before[index] = slowest
      length[index] = (slowest.flatMap { length[$0] } ?? 0) + (known[index] ?? 0)
    }
    var chain: [String] = []
    var next = length.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    while let index = next {
      if graph.nodes[index].step != nil { chain.append(graph.nodes[index].name) }
      next = before[index]
    }
    return chain.reversed()
  }
}
