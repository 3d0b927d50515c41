// Mutated entries of a watcher's ledger: what is accepted can be counted on and names a file.
import AtelierTesting
import Content
import Inbox
import Testing

@Suite struct LedgerFuzzTests {
  @Test func entries() throws {
    let arrival = Arrival(
      sequence: 7, object: "deep/a.csv", digest: try Digest.of("a"), version: "v",
      arrived: Timestamp(milliseconds: 1_763_725_734_123), attempts: 1)
    let found = try FuzzBudget("a watcher's ledger", count: 20_000).run(
      corpus: [try JSONValue.object(arrival.json).canonicalBytes()],
      words: [
        "9223372036854775807", "-1", "0", "..", "/", "waiting", "done", "1e400", "null", "99999999",
      ]
    ) { bytes in
      guard let json = try? JSONValue(parsing: bytes), var read = Arrival(json: json) else {
        return false
      }
      read.attempts += 1
      guard read.sequence < 100_000_000, !read.object.split(separator: "/").contains("..") else {
        throw BrokenProperty("\(read)")
      }
      guard Arrival(json: .object(read.json)) == read else {
        throw BrokenProperty("what is written is not what is read")
      }
      return true
    }
    #expect(found.accepted > 100 && found.refused > 1000, "\(found)")
  }
}
