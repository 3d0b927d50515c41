// Times, messages and words of `atelier features`.
import Atelier
import Testing

@testable import CommandLine
@testable import FeatureVerbs

@Suite struct FeatureTextTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (1_793_534_400.5, "2026-11-01T12:00:00.500Z"),
    (-0.25, "1969-12-31T23:59:59.750Z"), (1e15, "1000000000000000.0"), (-1e300, "-1e+300"),
  ])
  func timesAreWritten(_ seconds: Double, _ text: String) {
    #expect(FeatureMoment.text(seconds) == text)
    #expect(Moment.seconds(text) == seconds)
  }

  @Test func messagesOfDuckDBLoseTheLinesThatShowOurStatement() {
    #expect(
      FeatureDatabase.message(
        "Catalog Error: Table with name x does not exist!\nDid you mean \"y\"?\n\nLINE 1: FROM q\n  ^\n"
      )
        == "Catalog Error: Table with name x does not exist! Did you mean \"y\"?")
    #expect(
      FeatureDatabase.message("\nINTERNAL Error: so\nStack Trace:\n0x1\n") == "INTERNAL Error: so")
    #expect(FeatureDatabase.message("Parser Error: a\nLINE 1: b") == "Parser Error: a")
    #expect(FeatureDatabase.message("") == "DuckDB failed")
  }

  @Test(arguments: [
    (#"[{"a":NaN,"b":-Infinity,"c":Infinity}]"#, #"[{"a":null,"b":null,"c":null}]"#),
    (#"{"NaN":"NaN \" Infinity","x":[NaN,1]}"#, #"{"NaN":"NaN \" Infinity","x":[null,1]}"#),
    (#"{"a":"\\","b":NaN}"#, #"{"a":"\\","b":null}"#), ("", ""),
  ])
  func numbersThatJSONLacksAreNull(_ text: String, _ plain: String) {
    #expect(
      String(decoding: FeatureDatabase.plainNumbers(Array(text.utf8)), as: UTF8.self) == plain)
  }

  @Test func aMissingRecordIsToldWithTheFirstOne() {
    #expect(
      FeatureText.none("7", "g", at: nil, first: nil) == "the feature group g has no record of '7'")
    #expect(
      FeatureText.none("7", "g", at: 0, first: 60)
        == "the feature group g has no record of '7' as of 1970-01-01T00:00:00Z; its first one is of "
        + "1970-01-01T00:01:00Z")
  }
}
