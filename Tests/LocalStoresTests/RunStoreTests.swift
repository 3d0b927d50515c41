// Run records and their names.
import AtelierTesting
import Content
import Testing

@Suite struct RunStoreTests {
  @Test func timestampsPrintAndParse() {
    for (milliseconds, iso, compact) in [
      (0, "1970-01-01T00:00:00.000Z", "19700101T000000.000"),
      (951_782_399_999, "2000-02-28T23:59:59.999Z", "20000228T235959.999"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z", "20000229T000000.000"),
      (1_763_725_734_123, "2025-11-21T11:48:54.123Z", "20251121T114854.123"),
      (-1, "1969-12-31T23:59:59.999Z", "19691231T235959.999"),
      (4_107_542_400_000, "2100-03-01T00:00:00.000Z", "21000301T000000.000"),
    ] as [(Int64, String, String)] {
      let time = Timestamp(milliseconds: milliseconds)
      #expect(time.iso8601 == iso)
      #expect(time.compact == compact)
      #expect(Timestamp(iso8601: iso) == time)
    }
    for text in [
      "", "2025-13-01T00:00:00.000Z", "2025-02-29T00:00:00.000Z", "2025-01-01T00:00:00Z",
      "2025-01-01T00:00:00.000Z ", "2025-01-01T24:00:00.000Z",
    ] { #expect(Timestamp(iso8601: text) == nil) }
  }

  @Test func namesSortByTimeAndDiffer() throws {
    let times = (0..<50).map { Timestamp(milliseconds: 1_763_725_734_000 + $0 * 7) }
    let names = times.map { RunID(startedAt: $0) }
    #expect(names.sorted() == names)
    #expect(names.allSatisfy { RunID($0.description) == $0 })
    let same = (0..<1000).map { _ in RunID(startedAt: times[0]) }
    #expect(Set(same).count == 1000)
    for text in [
      "", "x", "20251121T114854.123", "20251121T114854.123-7f3a9c0d41eX", "../../../etc",
    ] {
      #expect(RunID(text) == nil)
    }
  }

  @Test func recordsAreListedNewestFirst() throws {
    let space = try Space()
    let runs = space.store.runs
    let names = [3, 1, 2].map { RunID(startedAt: Timestamp(milliseconds: $0)) }
    for (number, name) in names.enumerated() {
      try runs.write(["number": .integer(Int64(number))], id: name)
    }
    try space.folder.write("{", to: "store/.atelier/runs/notes.json")
    #expect(try runs.list() == [names[0], names[2], names[1]])
    #expect(try runs.read(names[2]) == ["number": 2])
    #expect(try space.reopened(readOnly: true).runs.list() == [names[0], names[2], names[1]])
  }

  @Test func aHalfRecordIsNone() throws {
    let space = try Space()
    let name = RunID(startedAt: Timestamp(milliseconds: 1))
    #expect(try space.store.runs.read(name) == nil)
    try TestFiles.write(Array(#"{"a":"#.utf8), to: space.store.runs.path(of: name))
    #expect(try space.store.runs.read(name) == nil)
    try space.store.runs.write(["a": 1], id: name)
    #expect(try space.store.runs.read(name) == ["a": 1])
  }
}
