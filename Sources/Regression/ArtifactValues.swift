// What a baseline keeps of an output beside its bytes: schema, numbers, distributions.
import Baselines
import CommandLine
import Content
import Execution
import Inspection
import LocalStores
import Project
import Terminal

package struct ArtifactValues {
  /// A document or table with more numbers than these is data, not metrics.
  private static let mostNumbers = 100

  package let environment: EngineEnvironment
  package let reader: ArtifactReader

  /// The values of an output; empty where it is neither a table nor a short document.
  package func values(of record: OutputRecord) throws -> OutputValues {
    try environment.fetch(record)
    if record.kind == .tree {
      let folders = TreeFolders(environment)
      defer { folders.remove() }
      return try summary(reader.source(filesIn: folders.folder(of: record)))
    }
    let path = environment.store.layout.blob(record.digest)
    if record.mediaType.hasSuffix("json") {
      guard record.size <= Metrics.largestSize,
        let document = try? JSONValue(parsing: try FileSystem.read(path))
      else { return OutputValues() }
      return OutputValues(
        numbers: Self.few(JSONLines.numbers(document)) ?? [:],
        texts: try Self.few(texts: JSONLines.texts(document)))
    }
    var values = try summary(reader.source([path], mediaType: record.mediaType))
    guard record.mediaType == "text/csv", record.size <= Metrics.largestSize else { return values }
    let table = Table(csv: try FileSystem.read(path))
    guard let numbers = Self.few(table.numbers(keyedLike: table)) else { return values }
    // Each number of a small table says more than how they are distributed.
    values.numbers = numbers
    values.columns = values.columns.map { Column(name: $0.name, type: $0.type) }
    values.texts = ["text cells": .string(try Self.digest(of: table.texts))]
    return values
  }

  private func summary(_ source: String?) throws -> OutputValues {
    guard let source else { return OutputValues() }
    do {
      return TableSummary.values(Table(csv: try reader.answer(TableSummary.query(source))).rows)
        ?? OutputValues()
    } catch let error as UsageError {
      // Called a table, but none that DuckDB can read: its bytes are all there is. What the machine
      // lacks is another thing.
      guard Self.isNoTable("\(error)") else { throw error }
      return OutputValues()
    }
  }

  /// Whether DuckDB said that the bytes are no table, and not that it lacks memory or room.
  private static func isNoTable(_ message: String) -> Bool {
    ["Invalid Input Error", "Conversion Error", "Binder Error", "Serialization Error"]
      .contains { message.contains($0) } || message.contains("No magic bytes")
  }

  /// Texts by their names, or where they are many or long a digest of them.
  private static func few(texts: [(name: String, value: JSONValue)]) throws -> [String: JSONValue] {
    guard texts.count <= mostTexts else {
      return ["texts": .string(try digest(of: texts.map { .array([.string($0.name), $0.value]) }))]
    }
    return try Dictionary(
      texts.map { name, value in
        guard let text = value.string, text.utf8.count > longestText else { return (name, value) }
        return (name, .string(try digest(of: [value])))
      }, uniquingKeysWith: { first, _ in first })
  }

  private static let mostTexts = 20
  private static let longestText = 200

  private static func digest(of values: [JSONValue]) throws -> String {
    try Digest.of(JSONValue.array(values).canonicalBytes()).description
  }

  private static func few(_ numbers: [(name: String, text: String)]) -> [String: Double]? {
    guard numbers.count <= mostNumbers else { return nil }
    var few: [String: Double] = [:]
    for (name, text) in numbers {
      guard let value = Double(text), value.isFinite, few.updateValue(value, forKey: name) == nil
      else { return nil }
    }
    return few
  }
}
