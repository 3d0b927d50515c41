// Finds the files of a feature group's history. It reads no record.
import AtelierStep
import Content
import FeatureSQL

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The definition and the files of a tree in the form of `FeatureHistory`.
struct HistoryFiles {
  let definition: FeatureDefinition
  let sql: FeatureSQL

  init(
    _ history: Artifact<FeatureHistory>, firstBatchAlone: Bool = false, in context: StepContext
  ) throws {
    let tree = try context.path(history)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(tree)/group.json"))
    definition = try FeatureDefinition(json: JSONValue(parsing: [UInt8](bytes)))
    let batches = "\(tree)/batches"
    let names = try Self.names(in: batches)
    let files = try (firstBatchAlone ? Array(names.prefix(1)) : names).flatMap { batch in
      guard batch.utf8.count == 8, let number = Int(batch), number > 0 else {
        throw StepFailure(
          "the history holds the batch '\(batch)'; a batch is named by eight digits, from 00000001 on"
        )
      }
      return try Self.names(in: "\(batches)/\(batch)").map {
        FeatureSQL.File(path: "\(batches)/\(batch)/\($0)/records.parquet", batch: number)
      }
    }
    guard !files.isEmpty else { throw StepFailure("the history of the feature group has no batch") }
    sql = FeatureSQL(definition, files: files)
  }

  private static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }
}
