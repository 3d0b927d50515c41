// The first place where two artifacts differ: row and column, JSON pointer, or byte.
import Content
import Execution
import Project
import Terminal

package struct ArtifactDifference {
  package let environment: EngineEnvironment
  package let reader: ArtifactReader

  package init(environment: EngineEnvironment, reader: ArtifactReader) {
    self.environment = environment
    self.reader = reader
  }

  /// The place and both values, in words.
  package func first(_ a: OutputRecord, _ b: OutputRecord) throws -> String {
    try environment.fetch(a)
    if a.kind == .tree { return try tree(a, b) }
    let layout = environment.store.layout
    return try files(layout.blob(a.digest), layout.blob(b.digest), mediaType: a.mediaType)
  }

  private func tree(_ a: OutputRecord, _ b: OutputRecord) throws -> String {
    let layout = environment.store.layout
    let old = try environment.store.trees.manifest(of: a).entries
    let new = try environment.store.trees.manifest(of: b).entries
    for (one, two) in zip(old, new) {
      if one.path != two.path { return "file \(min(one.path, two.path)): only one side has it" }
      if one.digest != two.digest {
        let place = try files(
          layout.blob(one.digest), layout.blob(two.digest), mediaType: Self.mediaType(one.path))
        return "file \(one.path), \(place)"
      }
    }
    let longer = old.count > new.count ? old : new
    guard longer.count > min(old.count, new.count) else { return "a file's executable bit" }
    return "file \(longer[min(old.count, new.count)].path): only one side has it"
  }

  private static func mediaType(_ name: String) -> String {
    if name.hasSuffix(".parquet") { return "application/vnd.apache.parquet" }
    if name.hasSuffix(".csv") { return "text/csv" }
    return name.hasSuffix(".json") ? "application/json" : "application/octet-stream"
  }

  private func files(_ a: String, _ b: String, mediaType: String) throws -> String {
    if let old = try? reader.csv([a], mediaType: mediaType),
      let new = try? reader.csv([b], mediaType: mediaType),
      let place = Self.tables(Table(csv: old), Table(csv: new))
    {
      return place
    }
    let old = try FileSystem.read(a)
    let new = try FileSystem.read(b)
    if mediaType.hasSuffix("json"), let old = try? JSONValue(parsing: old),
      let new = try? JSONValue(parsing: new), let place = Self.documents(old, new)
    {
      return place
    }
    let byte = zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    return "byte \(byte ?? min(old.count, new.count))"
  }

  private static func tables(_ old: Table, _ new: Table) -> String? {
    if old.columns != new.columns {
      return
        "the columns: \(old.columns.joined(separator: ",")) -> \(new.columns.joined(separator: ","))"
    }
    for (number, (a, b)) in zip(old.rows, new.rows).enumerated() where a != b {
      let column = zip(a, b).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0
      return "row \(number + 1), column '\(old.columns[column])': \(a[column]) -> \(b[column])"
    }
    guard old.rows.count != new.rows.count else { return nil }
    return
      "row \(min(old.rows.count, new.rows.count) + 1): \(old.rows.count) rows -> \(new.rows.count) rows"
  }

  private static func documents(_ old: JSONValue, _ new: JSONValue) -> String? {
    guard let change = KeyDocument.changes(from: old, to: new).first else { return nil }
    let pointer = "/" + change.field.split(separator: ".").joined(separator: "/")
    return "\(pointer): \(Text.value(change.old)) -> \(Text.value(change.new))"
  }
}
