// Feature groups in the very place that the fixture program reads: Parquet by DuckDB, and the log.
import AtelierStep
import AtelierTesting
import Content
import FeatureStore
import Foundation
import LocalStores
import Publishing

/// A project whose workshop keeps feature groups, and a hand that ingests.
package struct FeatureKeeper {
  package typealias Feature = FeatureDefinition.Feature

  package let space: FixtureSpace
  private let local: LocalStore
  private let store: OfflineFeatureStore

  /// The name of the project's folder ends in `ending`.
  package init(ending: String = "") throws {
    space = try FixtureSpace(
      [["name": "one.a", "script": "echo a > $out"]],
      config: "[AWS]\ns3_bucket_name = shop\ns3_prefix = /pre/fix/\n", ending: ending)
    local = try LocalStore.open(root: space.store, readOnly: false)
    store = OfflineFeatureStore(
      local: local, published: PublishedFolder(local), bucket: "shop", prefix: "pre/fix")
  }

  package static let narrow = [
    Feature("id", .integral), Feature("time", .fractional), Feature("rings-grown", .integral),
  ]
  private static let wide = narrow + [Feature("sex", .string)]

  /// Two batches of measurements, the second with a feature more.
  package static func measured() throws -> FeatureKeeper {
    let keeper = try FeatureKeeper()
    try keeper.ingest(
      "abalone-small", narrow,
      [
        "2026-11-01": ["(1, 1793491200, 5)", "(2, 1793494800.5, 7)"],
        "2026-11-02": ["(1, 1793577600, 6)"],
      ])
    try keeper.ingest(
      "abalone-small", wide,
      ["2026-11-02": ["(1, 1793577600, 9, 'F')", "(3, 1793577601, 1, NULL)"]],
      run: "run-2")
    return keeper
  }

  /// The folder of a group.
  package func place(_ group: String) -> String { "\(space.store)/shop/pre/fix/features/\(group)" }

  /// Ingests rows, SQL tuples by date; the columns are the features.
  @discardableResult
  package func ingest(
    _ group: String, _ features: [Feature], _ rows: [String: [String]], run: String = "run-1"
  ) throws -> FeatureGroup {
    let folder = "store/.atelier/work/\(UUID().uuidString)"
    let definition = try FeatureDefinition(
      recordIdentifier: features[0].name, eventTime: features[1].name, features: features)
    try space.folder.write(definition.json.canonicalText(), to: "\(folder)/group.json")
    let columns = features.map { "\"\($0.name)\"::\($0.type.column) AS \"\($0.name)\"" }
    let names = features.map { "\"\($0.name)\"" }.joined(separator: ", ")
    for (date, tuples) in rows {
      let path = space.folder("\(folder)/event_date=\(date)/records.parquet")
      try TestFiles.write([], to: path)
      let ended = try RunningProgram(
        TestTools.path(of: "duckdb") ?? "duckdb",
        [
          "-no-init", "-batch", "-c",
          "COPY (SELECT \(columns.joined(separator: ", ")) FROM (VALUES "
            + "\(tuples.joined(separator: ", "))) AS t(\(names))) "
            + "TO '\(path.replacingOccurrences(of: "'", with: "''"))' (FORMAT parquet)",
        ], environment: [:], captures: space.folder
      ).wait()
      guard ended.code == 0 else { throw ProgramError(ended.err) }
    }
    let record = try local.trees.adoptTree(
      space.folder(folder), mediaType: FeatureRecords.mediaType)
    return try store.ingest(
      FeatureBatch(record, in: local), into: group,
      by: .init(run: run, host: "anna@here"), at: Timestamp(milliseconds: 1_795_262_400_123)
    ).group
  }

  /// Calls `atelier features`.
  package func features(_ words: String...) throws -> EndedProgram {
    try space.start(
      ["features"] + words,
      environment: ["ATELIER_DUCKDB": TestTools.path(of: "duckdb") ?? ""]
    ).wait()
  }
}
