// Where an output differs from the one that a baseline is of: the old bytes, if they can be had.
import Baselines
import Content
import Execution
import Inspection
import LocalStores
import Terminal

package struct CheckDetail {
  /// Longer artifacts are compared by their first difference only.
  private static let largestTable: Int64 = 32 << 20

  package let environment: EngineEnvironment
  package let reader: ArtifactReader
  /// Whether lines may hold what is in a row or a file.
  package let showsRows: Bool

  /// What differs, in lines for people.
  package func lines(_ old: Bytes, _ new: OutputRecord) -> [String] {
    let record = OutputRecord(
      digest: old.digest, size: old.size, mediaType: old.mediaType, kind: old.isTree ? .tree : .file
    )
    let store = environment.store.objects
    try? environment.fetch(record)
    guard (try? store.contains(old.digest)) == true else {
      return [
        "the old bytes, \(old.digest), are neither in this store nor in a shared one; "
          + "compared by what the baseline says of them"
      ]
    }
    do {
      if let rows = try rows(record, new) { return rows }
      guard record.kind == new.kind else { return ["a file on one side, a folder on the other"] }
      guard showsRows else { return ["where the bytes differ is left out (--no-rows)"] }
      return [
        try "first difference at "
          + ArtifactDifference(environment: environment, reader: reader).first(record, new)
      ]
    } catch {
      return ["the bytes could not be compared: \(error)"]
    }
  }

  /// The rows that differ; nil where one side is no table, or a long one.
  private func rows(_ old: OutputRecord, _ new: OutputRecord) throws -> [String]? {
    guard let before = try table(old), let after = try table(new) else { return nil }
    let difference = TableDifference(before, after)
    return showsRows
      ? difference.lines : difference.linesWithoutRows + ["rows are left out (--no-rows)"]
  }

  private func table(_ record: OutputRecord) throws -> Table? {
    if record.kind == .tree {
      let folders = TreeFolders(environment)
      defer { folders.remove() }
      let sizes = try environment.store.trees.manifest(of: record).entries.map(\.size)
      guard sizes.reduce(0, +) <= Self.largestTable else { return nil }
      return try reader.csv(filesIn: folders.folder(of: record)).map(Table.init(csv:))
    }
    guard record.size <= Self.largestTable else { return nil }
    let path = environment.store.layout.blob(record.digest)
    return try reader.csv([path], mediaType: record.mediaType).map(Table.init(csv:))
  }
}
