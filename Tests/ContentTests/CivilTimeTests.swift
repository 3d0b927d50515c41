// Civil time against known dates and against Foundation's calendar.
import Content
import Foundation
import Testing

@Suite struct CivilTimeTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
    (951_782_400, "2000-02-29T00:00:00Z"),
    (951_868_799, "2000-02-29T23:59:59Z"), (951_868_800, "2000-03-01T00:00:00Z"),
    (1_719_835_200, "2024-07-01T12:00:00Z"), (4_107_542_399, "2100-02-28T23:59:59Z"),
    (4_107_542_400, "2100-03-01T00:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
    (-62_135_596_800, "0001-01-01T00:00:00Z"), (1_483_228_799, "2016-12-31T23:59:59Z"),
  ])
  func knownMoments(_ seconds: Int64, _ text: String) {
    #expect(CivilTime(secondsSince1970: seconds).iso8601 == text)
  }

  @Test(arguments: [
    (0.999, "1970-01-01T00:00:00Z"), (-0.001, "1969-12-31T23:59:59Z"),
    (-0.999, "1969-12-31T23:59:59Z"), (-1, "1969-12-31T23:59:59Z"),
    (-86_400.25, "1969-12-30T23:59:59Z"), (1_719_835_199.999, "2024-07-01T11:59:59Z"),
  ])
  func fractionsAreRoundedDown(_ seconds: Double, _ text: String) {
    #expect(CivilTime(secondsSince1970: seconds).iso8601 == text)
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
      let own = CivilTime(secondsSince1970: seconds)
      let ours = [own.year, own.month, own.day, own.hour, own.minute, own.second]
      let theirs = [
        parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second,
      ].map { Int64($0 ?? -1) }
      #expect(ours == theirs, "\(seconds)")
    }
  }

  @Test func partsAndSecondsAreInverse() {
    for _ in 0..<20_000 {
      let seconds = Int64.random(in: -100_000_000_000...300_000_000_000)
      #expect(CivilTime(secondsSince1970: seconds).secondsSince1970 == seconds)
    }
  }

  @Test func numbersOfNoCalendarAreNoMoment() {
    for civil in [
      CivilTime(year: .max, month: 1, day: 1), CivilTime(year: .min, month: 1, day: 1),
      CivilTime(year: 2024, month: -1, day: 1), CivilTime(year: 2024, month: .max, day: 1),
      CivilTime(year: 2024, month: 1, day: .max),
      CivilTime(year: 2024, month: 1, day: 1, hour: .max),
      CivilTime(year: 2024, month: 1, day: 1, minute: -1),
    ] { #expect(civil.secondsSince1970 == nil) }
    #expect(Timestamp(iso8601: "9223372036854775807-01-01T00:00:00.000Z") == nil)
    #expect(Timestamp(iso8601: "2024-01-01T00:00:9223372036854775807.000Z") == nil)
  }
}
