// Each exploration against plain Swift over the exported events: every pair of events, no tricks.
import AtelierStep
import AtelierTesting
import Foundation
import PropensityFormats
import Testing

@testable import Query
@testable import SQL

/// Two batches of events and their export.
private struct Sample {
  struct Event {
    let id: String
    let type: String
    let microseconds: Int
    let user: String
  }

  let batches: [StepHarness.Result]
  let events: [Event]

  init() throws {
    batches = try [
      simulateEvents(first: 0, count: 250, seed: 3),
      simulateEvents(first: 250, count: 150, seed: 3),
    ]
    events = try EventExport.rows(
      #"SELECT _id, eventType, epoch_us("timestamp"), _acme.cmle_id FROM events"#,
      of: batches.map { $0.outputs["events"] ?? "" }
    ).map { Event(id: $0[0], type: $0[1], microseconds: Int($0[2]) ?? 0, user: $0[3]) }
  }

  /// The events of each user.
  var users: [[Event]] { Array(Dictionary(grouping: events, by: \.user).values) }
  var types: [String] { Set(events.map(\.type)).sorted() }

  /// The table of an exploration: the header and the rows.
  func explore(_ exploration: Exploration) throws -> (header: String, rows: [[String]]) {
    let text = try exploration.table(of: batches.map { $0.outputs["events"] ?? "" })
    #expect(text.hasSuffix("\n") && !text.contains("\r"))
    let lines = text.split(separator: "\n").map(String.init)
    return (lines[0], lines.dropFirst().map { $0.components(separatedBy: ",") })
  }

}

/// A SQL file of the propensity workshop with its parameters and order.
private struct Exploration {
  let file: String
  var parameters: [String: any ScriptParameter] = ["tenant": "acme"]
  var orderedBy: [String] = []

  static let statistics = Exploration(file: "statistics.sql")
  static let funnel = Exploration(
    file: "funnel.sql", orderedBy: ["distinctUsers desc", "eventType"])
  static let cooccurrence = Exploration(
    file: "cooccurrence.sql", orderedBy: ["eventTypeFirst", "eventTypeLater"])
  static let correlation = Exploration(file: "correlation.sql", orderedBy: ["eventType"])
  static func sampling(seed: Int, percent: Int = 5) -> Exploration {
    Exploration(file: "sampling.sql", parameters: ["seed": seed, "percent": percent])
  }
  static func samples(seed: Int, count: Int) -> Exploration {
    Exploration(
      file: "samples.sql", parameters: ["tenant": "acme", "seed": seed, "count": count],
      orderedBy: ["_id"])
  }

  func table(of files: [String]) throws -> String {
    let path = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let text = try String(
      contentsOfFile: "/\(path)/Workshops/Propensity/Scripts/\(file)", encoding: .utf8)
    let step = RunSQL(
      Script(name: file, text: text),
      arguments: try ScriptArguments(
        inputs: ["events": [Artifact<EventTable>](repeating: .test, count: files.count).files],
        parameters: parameters.mapValues(\.scriptValue), reserved: RunSQL.reserved),
      orderedBy: ["table": orderedBy],
      outputs: try Outputs([ArtifactDescription(name: "table", format: Statistics.self)]))
    return try StepHarness.run(step, inputs: EventExport.batches(files, of: "events"))
      .text("table")
  }
}

@Suite struct ExplorationTests {
  private let sample: Sample

  init() throws { sample = try Sample() }

  @Test func statistics() throws {
    let table = try sample.explore(.statistics)
    #expect(table.header == "rows,users")
    #expect(table.rows == [["\(sample.events.count)", "\(sample.users.count)"]])
  }

  @Test func funnel() throws {
    let table = try sample.explore(.funnel)
    #expect(table.header == "eventType,distinctUsers,distinctEvents")
    let expected = sample.types.map { type in
      (
        type, sample.users.count { $0.contains { $0.type == type } },
        sample.events.count { $0.type == type }
      )
    }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    #expect(table.rows == expected.map { [$0.0, "\($0.1)", "\($0.2)"] })
  }

  @Test func sampling() throws {
    let table = try sample.explore(.sampling(seed: 7))
    #expect(table.header == "sampleRows,estimate,actual")
    let hashes = try hashes(seed: 7)
    // 5 % of 2^32, in hexadecimal digits.
    let count = hashes.count { $0.hash < "0ccccccc" }
    #expect(table.rows == [["\(count)", "\(count * 20)", "\(sample.events.count)"]])
    let expected = 0.05 * Double(sample.events.count)
    #expect(abs(Double(count) - expected) < 4 * expected.squareRoot())
  }

  @Test func sampleOfAnotherShareAndSeed() throws {
    let table = try sample.explore(.sampling(seed: 8, percent: 50))
    let count = try hashes(seed: 8).count { $0.hash < "8" }
    #expect(table.rows == [["\(count)", "\(count * 2)", "\(sample.events.count)"]])
  }

  @Test func sampleRows() throws {
    let table = try sample.explore(.samples(seed: 7, count: 5))
    #expect(
      table.header == "_id,eventType,timestamp,producedBy,userId,directMarketing,web")
    let byID = Dictionary(uniqueKeysWithValues: sample.events.map { ($0.id, $0) })
    let expected = try hashes(seed: 7).sorted { ($0.hash, $0.id) < ($1.hash, $1.id) }.prefix(5)
      .sorted { $0.id < $1.id }
      .map { [$0.id, byID[$0.id]?.type ?? "", "databricks-synthetic", byID[$0.id]?.user ?? ""] }
    #expect(table.rows.map { [$0[0], $0[1], $0[3], $0[4]] } == expected)
  }

  @Test func cooccurrence() throws {
    let table = try sample.explore(.cooccurrence)
    #expect(table.header == "eventTypeFirst,eventTypeLater,distinctUsers,probability")
    let users = sample.users
    var expected: [[String]] = []
    for first in sample.types {
      let all = users.count { $0.contains { $0.type == first } }
      for later in sample.types {
        let both = users.count { events in
          events.contains { a in
            a.type == first
              && events.contains { $0.type == later && a.microseconds <= $0.microseconds }
          }
        }
        if both > 0 { expected.append([first, later, "\(both)", rounded(both, all)]) }
      }
    }
    #expect(table.rows == expected)
    #expect(expected.count > 100)
  }

  @Test func correlation() throws {
    let table = try sample.explore(.correlation)
    #expect(table.header == "eventType,pearsonCorrelation")
    let types = sample.types.filter { $0 != "web.formFilledOut" }
    #expect(table.rows.map { $0[0] } == types)
    for (type, row) in zip(types, table.rows) {
      let expected = pearson("web.formFilledOut", type)
      let found = try #require(Double(row[1]))
      #expect(abs(found - expected) < 1e-11, "\(type)")
      #expect(row[1].drop { $0 != "." }.count <= 13)
    }
  }

  @Test func withoutSubscriptionsThereIsNoCorrelation() throws {
    let events = try simulateEvents(first: 4, count: 1, seed: 7)
    let table = try Exploration.correlation.table(of: [events.outputs["events"] ?? ""])
    #expect(
      table.split(separator: "\n").dropFirst().allSatisfy { $0.hasSuffix(",") }, "\(table)")
  }

  @Test func tablesDoNotDependOnTheOrderOfBatches() throws {
    let paths = sample.batches.map { $0.outputs["events"] ?? "" }
    for exploration in [.funnel, .cooccurrence, .correlation, .samples(seed: 1, count: 20)]
      as [Exploration]
    {
      #expect(try exploration.table(of: paths) == exploration.table(of: paths.reversed()))
    }
  }

  private func hashes(seed: Int) throws -> [(id: String, hash: String)] {
    try EventExport.rows(
      "SELECT _id, md5('\(seed):' || _id) FROM events",
      of: sample.batches.map { $0.outputs["events"] ?? "" }
    ).map { ($0[0], $0[1]) }
  }

  private func rounded(_ part: Int, _ whole: Int) -> String {
    "\((Double(part) / Double(whole) * 1e12).rounded() / 1e12)"
  }

  /// The textbook formula, by deviations from the means.
  private func pearson(_ a: String, _ b: String) -> Double {
    let counts = sample.users.map { events in
      (Double(events.count { $0.type == a }), Double(events.count { $0.type == b }))
    }
    let n = Double(counts.count)
    let meanA = counts.reduce(0) { $0 + $1.0 } / n
    let meanB = counts.reduce(0) { $0 + $1.1 } / n
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in counts {
      ab += (x - meanA) * (y - meanB)
      aa += (x - meanA) * (x - meanA)
      bb += (y - meanB) * (y - meanB)
    }
    return ab / (aa * bb).squareRoot()
  }
}
