// Exports in every format, read back by the reader that training uses.
import AtelierStep
import AtelierTesting
import DuckDB
import Featurize
import PropensityFormats
import Testing
import Transfer

/// Two feature tables, one of them without a single click.
private func parts(_ tables: Tables) throws -> [String] {
  let batches = [
    Event.random(seed: 1, users: 12),
    Event.random(seed: 2, users: 9).filter { $0.type != "directMarketing.emailClicked" },
  ]
  return try batches.enumerated().map { index, events in
    let result = try StepHarness.run(
      FeaturizeBatch(events: .test, seed: 7, tenant: "acme"),
      inputs: ["events": try tables.events("events\(index)", events)])
    let part = tables.path("part\(index).parquet")
    _ = try tables.rows(
      "COPY (FROM read_parquet(getvariable('from'))) TO (getvariable('to')) (FORMAT parquet);",
      ["from": .text(result.outputs["part"] ?? ""), "to": .text(part)])
    return part
  }
}

private func export(
  _ parts: [String], _ dataFormat: String, _ compression: String
) throws -> StepHarness.Result {
  try StepHarness.run(
    ExportFeatures(
      parts: parts.map { _ in .test }, dataFormat: dataFormat, compression: compression),
    inputs: Dictionary(
      uniqueKeysWithValues: parts.enumerated().map { ("parts.\($0.offset)", $0.element) }))
}

@Suite struct ExportFeaturesTests {
  @Test(arguments: [
    ("parquet", "gzip", "parquet"), ("parquet", "snappy", "parquet"),
    ("parquet", "zstd", "parquet"), ("parquet", "none", "parquet"), ("csv", "gzip", "csv.gz"),
    ("csv", "zstd", "csv.zst"), ("csv", "none", "csv"), ("json", "gzip", "json.gz"),
    ("json", "zstd", "json.zst"), ("json", "none", "json"),
  ])
  func theReaderGivesBackWhatWasWritten(
    dataFormat: String, compression: String, ending: String
  ) throws {
    let tables = try Tables()
    let parts = try parts(tables)
    let result = try export(parts, dataFormat, compression)
    let folder = result.outputs["export"] ?? ""
    #expect(try files(folder) == ["part-00000.\(ending)", "part-00001.\(ending)"])

    let reader = FeatureExportReader(
      format: try #require(ExportFormat(rawValue: dataFormat)),
      features: Feature.propensity.map(\.name))
    let relation = reader.relation(of: "getvariable('export') || '/part-*'")
    let expected = try tables.rows(
      "FROM read_parquet(getvariable('parts'));", ["parts": .list(parts.map(SQLValue.text))])
    // One of the 21 users has no event of a known user left.
    #expect(expected.count == 20)
    #expect(try tables.rows("FROM \(relation);", ["export": .text(folder)]) == expected)
    let types = try tables.rows(
      "SELECT column_name, column_type FROM (DESCRIBE FROM \(relation));",
      ["export": .text(folder)])
    let columns = FeatureTable.columns(features: reader.features)
    #expect(types == columns.map { "\($0.name),\($0.type)" })
  }

  @Test(arguments: [
    (
      "parquet", "gzip", "part-00001.parquet",
      "sha256:c7ac2876a71d45fd9df764ce310d74f1a3e232b546cbae755153408781e294aa"
    ),
    (
      "csv", "gzip", "part-00001.csv.gz",
      "sha256:13a02b04367cbc93a2e02eaf580ad2669a972dc918143b1b64dc66d95b809209"
    ),
    (
      "json", "zstd", "part-00001.json.zst",
      "sha256:dfbf1edec22cb5c4b169909b995539e2e70b58e578207e6d2a8bf7e200f8ea0e"
    ),
  ])
  func theBytesAreThoseThatWerePromised(
    dataFormat: String, compression: String, file: String, expected: String
  ) throws {
    let tables = try Tables()
    let result = try export(try parts(tables), dataFormat, compression)
    let found = try digest("\(result.outputs["export"] ?? "")/\(file)")
    #expect(found == expected)
  }

  @Test(arguments: [
    (
      "xml", "gzip", "[Cloud] data_format is 'xml': use parquet, csv or json"
    ),
    (
      "csv", "snappy",
      "[Cloud] compression_type is 'snappy', which data_format 'csv' does not have: "
        + "use gzip, zstd or none"
    ),
    (
      "parquet", "lzo",
      "[Cloud] compression_type is 'lzo', which data_format 'parquet' does not have: "
        + "use gzip, snappy, zstd or none"
    ),
  ])
  func aWrongSettingNamesItsKey(
    dataFormat: String, compression: String, message: String
  ) throws {
    #expect {
      try ExportFeatures.validate(dataFormat: dataFormat, compression: compression)
    } throws: { "\($0)" == message }
    #expect {
      try export([], dataFormat, compression)
    } throws: { "\($0)" == message }
  }

  @Test func onlyTheStatementOfTheFormatIsInTheKey() {
    let names = ["parquet", "csv", "json"].map {
      Array(ExportFeatures(parts: [], dataFormat: $0, compression: "gzip").sql.keys)
    }
    #expect(names == [["export.parquet.sql"], ["export.csv.sql"], ["export.json.sql"]])
  }
}
