// The sample and the split: exact, seeded, and free of how the export was cut into files.
import AtelierTesting
import DuckDB
import Foundation
import LearningTools
import Testing

@testable import Train

@Suite struct PrepareTrainingTests {
  private static let files = [
    "meta.json", "probe.features.f32", "probe.labels.f32", "test.features.f32", "test.labels.f32",
    "train.features.f32", "train.labels.f32",
    "validation.features.f32", "validation.labels.f32",
  ]

  private func tree(_ result: StepHarness.Result) throws -> [String: [UInt8]] {
    let names = try FileManager.default.contentsOfDirectory(atPath: result.outputs["data"] ?? "")
    return try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try result.bytes("data", file: $0)) })
  }

  @Test func sameBytesFromEveryFormatAndAnyCut() throws {
    let first = try tree(try Fixture().prepare())
    #expect(first.keys.sorted() == Self.files)
    #expect(try tree(try Fixture(parts: 5).prepare()) == first)
    for format in ["csv", "json"] {
      #expect(try tree(try Fixture(format: format, parts: 3).prepare(format: format)) == first)
    }
    let other = try tree(try Fixture().prepare(seed: 2))
    #expect(Self.files.allSatisfy { other[$0] != first[$0] })
  }

  @Test func partsArePrefixesOfTheSeededOrder() throws {
    // One feature becomes the user's place in the order, as MD5 of another program gives it.
    let fixture = try Fixture(
      users: 301,
      change: """
        UPDATE users SET emailsReceived = place FROM (
          SELECT userId AS id, row_number() OVER (ORDER BY md5('7' || userId)) - 1 AS place
          FROM users) WHERE userId = id;
        """)
    let prepared = try fixture.prepare(sample: 0.31, validation: 0.7, probe: 20, seed: 7)
    let data = try PreparedData(prepared)
    let places = try DataPart.allCases.map { part in
      let rows = try data.rows(part)
      return stride(from: 0, to: rows.features.count, by: rows.width)
        .map { Int(rows.features[$0]) }.sorted()
    }
    // 301 x 0.31 = 93.31 and 93 x 0.7 = 65.1; nobody is in two parts, and nobody is left out.
    #expect(places == [Array(0..<28), Array(28..<93), Array(28..<48), Array(93..<301)])
  }

  @Test func countsAreExact() throws {
    let even = try Split(users: 100_000, sample: 0.5, validation: 0.8, mostProbe: 9)
    #expect(even.training == 10_000 && even.validation == 40_000 && even.test == 50_000)
    #expect(even.probe == 9)
    let odd = try Split(users: 14, sample: 0.5, validation: 0.5, mostProbe: 9)
    #expect(odd.training == 3 && odd.validation == 4 && odd.test == 7)
    #expect(odd.probe == 4)
    #expect(
      stepFailure { try Split(users: 2, sample: 0.5, validation: 0.8, mostProbe: 9) }
        == "2 users give 0 training, 1 validation and 1 test rows: too few to split")
  }

  @Test func valuesArriveWithNullsAndLabels() throws {
    let fixture = try Fixture(users: 400)
    let data = try fixture.prepare(sample: 0.5, validation: 0.5)
    let rows = try PreparedData(data).rows(.test)
    #expect(rows.labels.count == 200 && rows.features.count == 200 * 14)
    for row in 0..<200 {
      let features = rows.features[row * 14..<row * 14 + 14].map { $0 }
      // Minutes since the opening are unknown just where nothing was opened.
      #expect((features[1] == 0) == features[8].isNaN)
      #expect((features[6] == 0) == features[13].isNaN)
      let least = features[2] * 2 + features[4] * 3
      #expect(rows.labels[row] == 1 ? least > 5 : least <= 8)
    }
    let meta = String(decoding: try data.bytes("data", file: "meta.json"), as: UTF8.self)
    #expect(meta.contains("\"positives\" : \(rows.positives)"))
  }

  @Test func badExportsAreNamed() throws {
    let dropped = try Fixture(users: 50, change: "ALTER TABLE users DROP webLinkClicks;")
    #expect(
      stepFailure { try dropped.prepare() }?
        .hasPrefix("the export lacks the column webLinkClicks; it has userId, eventType, ") == true)
    let empty = try Fixture(users: 0)
    #expect(stepFailure { try empty.prepare() } == "the export holds no row")
    let twice = try Fixture(users: 50, change: "UPDATE users SET userId = 'x' WHERE part < 3;")
    #expect(
      stepFailure { try twice.prepare() }
        == "the export must hold one row a user: 50 rows have 50 user ids, 48 of them different")
    let unlabelled = try Fixture(users: 50, change: "UPDATE users SET subscriptionOccurred = NULL;")
    #expect(
      stepFailure { try unlabelled.prepare() }
        == "a row's subscriptionOccurred is null, not true or false")
    let onesided = try Fixture(users: 50, change: "UPDATE users SET subscriptionOccurred = true;")
    #expect(
      stepFailure { try onesided.prepare() }?
        .hasPrefix("the train rows hold one class only: 5 of 5 are positive.") == true)
    // Both classes in training and validation, one in the test part: refused as well.
    let untested = try Fixture(
      users: 200,
      change: """
        UPDATE users SET subscriptionOccurred = subscriptionOccurred AND place <= 100 FROM (
          SELECT userId AS id, row_number() OVER (ORDER BY md5('1' || userId)) AS place
          FROM users) WHERE userId = id;
        """)
    #expect(
      stepFailure { try untested.prepare() }?
        .hasPrefix("the test rows hold one class only: 0 of 100 are positive.") == true)
  }

  @Test func badParametersAreNamed() throws {
    let fixture = try Fixture(users: 50)
    #expect(
      stepFailure { try fixture.prepare(format: "csv") }
        == "the export holds no file part-*.csv, only: part-00000.parquet, part-00001.parquet. "
        + "Is [Cloud] data_format the one of the delivery?")
    #expect(
      stepFailure { try fixture.prepare(format: "xml") }
        == "the export's data format is 'xml'; use one of parquet, csv, json")
    for (sample, validation) in [(0, 0.5), (1, 0.5), (1.1, 0.5), (0.5, 0), (0.5, 1)] {
      #expect(
        stepFailure { try fixture.prepare(sample: sample, validation: validation) }?
          .contains("must lie between 0 and 1") == true)
    }
    #expect(
      stepFailure { try fixture.prepare(probe: 0) } == "probeRows must be 1 or more, but it is 0")
  }
}
