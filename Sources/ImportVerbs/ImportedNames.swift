// Names in the wiring of a notebook, each for one thing: of variables, and of data files. It writes no
// source.
import Notebooks

/// The variables and data files of a notebook's plan.
struct ImportedNames {
  private let variables: [String: String]
  private let paths: [String: String]

  init(_ plan: NotebookPlan) {
    var variables: [String: String] = [:]
    // What `wire` has already.
    var taken: Set<String> = ["p", "settings"]
    func add(_ first: String, _ second: String) {
      let name = Self.camel(first, second)
      var own = name
      var number = 1
      while !taken.insert(own).inserted {
        number += 1
        own = "\(name)\(number)"
      }
      variables[Self.key(first, second)] = own
    }
    for source in plan.sources { add(source.key, Self.file) }
    for step in plan.steps {
      for output in step.outputs { add(step.name, output.key) }
    }
    self.variables = variables
    paths = Dictionary(
      plan.sources.map { ($0.key, Self.path($0.path, among: plan.sources.map(\.path))) }
    ) { first, _ in first }
  }

  private static let file = "(file)"

  /// The variable of a data file.
  func variable(of source: String) -> String { variables[Self.key(source, Self.file)] ?? "_" }

  /// The variable of a step's output.
  func variable(_ step: String, _ output: String) -> String {
    variables[Self.key(step, output)] ?? "_"
  }

  /// Where a data file is expected, within the folder of data.
  func path(of source: String) -> String { paths[source] ?? source }

  private static func key(_ first: String, _ second: String) -> String { "\(first)/\(second)" }

  /// What is absolute on the author's machine is expected among the other data, under as many of its
  /// folders as tell it from them.
  private static func path(_ path: String, among all: [String]) -> String {
    guard path.hasPrefix("/") else { return path }
    let parts = path.split(separator: "/")
    let others = all.filter { $0 != path }
    let own = (1...max(parts.count, 1)).lazy.map { parts.suffix($0).joined(separator: "/") }
    return own.first { end in !others.contains { $0 == end || $0.hasSuffix("/" + end) } }
      ?? parts.joined(separator: "/")
  }

  /// `loadData` and `df` as `loadDataDf`.
  private static func camel(_ first: String, _ second: String) -> String {
    let words = (first + "-" + (second == file ? "file" : second)).split { $0 == "-" || $0 == "_" }
    return words.prefix(1).joined()
      + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
