// Civil time against known dates and against Foundation's calendar.
import Engine
import Foundation
import Testing

@Suite struct UTCTimeTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
    (951_782_400, "2000-02-29T00:00:00Z"),
    (951_868_799, "2000-02-29T23:59:59Z"), (951_868_800, "2000-03-01T00:00:00Z"),
    (1_719_835_200, "2024-07-01T12:00:00Z"), (4_107_542_399, "2100-02-28T23:59:59Z"),
    (4_107_542_400, "2100-03-01T00:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
    (-62_135_596_800, "0001-01-01T00:00:00Z"), (1_483_228_799, "2016-12-31T23:59:59Z"),
  ])
  func knownMoments(_ seconds: Int64, _ text: String) {
    #expect(UTCTime.iso(Double(seconds)) == text)
  }

  @Test func aFractionBelongsToTheSecondBefore() {
    #expect(UTCTime.iso(0.999) == "1970-01-01T00:00:00Z")
    #expect(UTCTime.iso(-0.001) == "1969-12-31T23:59:59Z")
  }

  @Test func randomMomentsAgreeWithTheCalendar() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    // From 1600 on: before, Foundation's calendar becomes Julian.
    for _ in 0..<3000 {
      let seconds = Int64.random(in: -11_676_096_000...253_402_300_799)
      let parts = calendar.dateComponents(
        [.year, .month, .day, .hour, .minute, .second],
        from: Date(timeIntervalSince1970: Double(seconds)))
      let own = UTCTime.parts(seconds)
      let ours = [
        own.date.year, own.date.month, own.date.day, own.time.hour, own.time.minute,
        own.time.second,
      ]
      let theirs = [
        parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second,
      ].map { Int64($0 ?? -1) }
      #expect(ours == theirs, "\(seconds)")
    }
  }

  @Test func partsAndSecondsAreInverse() {
    for _ in 0..<20_000 {
      let seconds = Int64.random(in: -100_000_000_000...300_000_000_000)
      let (date, time) = UTCTime.parts(seconds)
      #expect(
        UTCTime.seconds(
          year: date.year, month: date.month, day: date.day, hour: time.hour, minute: time.minute,
          second: time.second) == seconds)
    }
  }
}
