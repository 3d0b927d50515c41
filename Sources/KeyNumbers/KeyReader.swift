// Finds key numbers and decisions in the bytes of outputs. It opens no file.
import Atelier
import AtelierStep
import Content
import CSV

/// Reads what a workshop declares from the outputs of one run.
package struct KeyReader {
  /// A longer output is data and not a result that people read.
  package static let longest: Int64 = 1 << 20

  private let graph: Graph
  private let bytes: (_ step: String, _ output: String) -> [UInt8]?

  /// `bytes` gives an output of a step; nil where the run has none or it is not to be had.
  package init(
    _ graph: Graph, bytes: @escaping (_ step: String, _ output: String) -> [UInt8]?
  ) {
    self.graph = graph
    self.bytes = bytes
  }

  /// What the outputs come to; what cannot be read is left out and told by `problems`.
  package func results() -> (results: KeyResults, problems: [String]) {
    var results = KeyResults()
    var problems: [String] = []
    for number in graph.keys.numbers {
      guard let content = content(of: number.output) else { continue }
      switch content.value(number.place) {
      case .success(let value): results.numbers.append(figure(number, value, content))
      case .failure(let problem):
        problems.append("the key number '\(number.name)': \(name(number.output)) \(problem.text)")
      }
    }
    for decision in graph.keys.decisions {
      guard let content = content(of: decision.output), let document = content.document,
        let choice = document["choice"]?.bool
      else { continue }
      results.verdicts.append(
        KeyVerdict(
          subject: decision.subject, word: choice ? decision.yes : decision.no, choice: choice,
          reason: DecisionReason.text(document, among: results.numbers)))
    }
    return (results, problems)
  }

  private func figure(_ number: KeyNumber, _ value: Double, _ content: OutputContent) -> KeyFigure {
    let reference = number.reference.flatMap { reference -> KeyFigure.Reference? in
      guard case .success(let value) = content.value(reference.place) else { return nil }
      return KeyFigure.Reference(name: reference.name, value: value)
    }
    return KeyFigure(
      name: number.name, value: value, unit: number.unit, better: number.better,
      target: number.target, reference: reference, output: name(number.output),
      place: number.place.text)
  }

  private func name(_ output: OutputReference) -> String {
    "\(graph.nodes[output.node].name).\(output.output)"
  }

  private func content(of output: OutputReference) -> OutputContent? {
    let node = graph.nodes[output.node]
    guard let shape = node.outputs.first(where: { $0.name == output.output }),
      let bytes = bytes(node.name, output.output), bytes.count <= Self.longest
    else { return nil }
    return OutputContent(bytes, mediaType: shape.mediaType)
  }
}

extension KeyNumber.Place {
  /// The name of the number as `--compare` and baselines have it.
  package var text: String {
    switch self {
    case .column(let name): name
    case .member(let path):
      path.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
    }
  }
}

/// A short output: a document, or the one row of a table.
private struct OutputContent {
  struct Problem: Error { let text: String }

  let document: JSONValue?
  private let row: [String: String]
  private let columns: [String]
  private let rows: Int

  init(_ bytes: [UInt8], mediaType: String) {
    guard mediaType == "text/csv" else {
      document = try? JSONValue(parsing: bytes)
      (row, columns, rows) = ([:], [], 0)
      return
    }
    document = nil
    var records: [[String]] = []
    var count = 0
    bytes.withUnsafeBufferPointer { text in
      guard var reader = try? CSVReader(text) else { return }
      while let record = try? reader.next() {
        if record.isBlank { continue }
        count += 1
        if count < 3 { records.append(record.fields.indices.map { record.text($0) }) }
      }
    }
    columns = records.first ?? []
    rows = max(0, count - 1)
    row = Dictionary(zip(columns, records.dropFirst().first ?? [])) { first, _ in first }
  }

  func value(_ place: KeyNumber.Place) -> Result<Double, Problem> {
    switch place {
    case .column(let name):
      guard rows == 1 else {
        return .failure(Problem(text: "has \(rows) rows; expected one"))
      }
      guard let cell = row[name] else {
        return .failure(
          Problem(text: "has no column '\(name)'; it has \(columns.joined(separator: ", "))"))
      }
      guard let value = Double(cell), value.isFinite else {
        return .failure(Problem(text: "has '\(cell)' in column '\(name)'; expected a number"))
      }
      return .success(value)
    case .member(let path):
      guard var found = document else { return .failure(Problem(text: "is not JSON")) }
      for name in path {
        guard let next = found[name] else {
          let known = (found.object ?? [:]).keys.sorted().prefix(12).joined(separator: ", ")
          return .failure(
            Problem(
              text: "has no member '\(path.joined(separator: "."))'; beside it are \(known)"))
        }
        found = next
      }
      guard let value = found.number, value.isFinite else {
        return .failure(
          Problem(text: "has no number at '\(path.joined(separator: "."))'"))
      }
      return .success(value)
    }
  }
}
