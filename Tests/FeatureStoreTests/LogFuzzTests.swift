// Mutated entries of a feature group's log: refused, or read as they are written.
import AtelierStep
import AtelierTesting
import Content
import Testing

@testable import FeatureStore

@Suite struct LogFuzzTests {
  @Test func entries() throws {
    let definition = try FeatureDefinition(
      recordIdentifier: "id", eventTime: "time",
      features: [.init("id", .string), .init("time", .fractional)])
    let ingestion = Ingestion(
      sequence: 3, batch: try Digest.of("batch"), definition: definition,
      files: [.init(date: "2026-01-31", digest: try Digest.of("file"), size: 12)],
      author: .init(run: "run", host: "host"), time: Timestamp(milliseconds: 1_763_725_734_123))
    let found = try FuzzBudget("a feature group's log", count: 20_000).run(
      corpus: [try ingestion.bytes],
      words: ["-1", "9223372036854775808", "2026-02-30", "../../x", "null", "\"String\"", "[]"]
    ) { bytes in
      guard let read = Ingestion(bytes, sequence: 3) else { return false }
      guard try Ingestion(read.bytes, sequence: 3) == read else {
        throw BrokenProperty("what is written is not what is read")
      }
      guard read.files.allSatisfy({ $0.size >= 0 && !$0.date.contains("/") }) else {
        throw BrokenProperty("\(read.files)")
      }
      return true
    }
    #expect(found.accepted > 50 && found.refused > 1000, "\(found)")
  }
}
