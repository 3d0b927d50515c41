// What the parser takes and what it refuses, with the place of the fault.
import Content
import Testing

@Suite struct JSONParserTests {
  @Test(arguments: [
    ("", 0), (" ", 1), ("nul", 3), ("truE", 3), ("[1,]", 3), ("[1 2]", 3), ("[", 1),
    ("{\"a\":1,}", 7), ("{a:1}", 1), ("{\"a\" 1}", 5), ("{\"a\":1", 6), ("1 2", 2), ("{}{}", 2),
    ("[]]", 2), ("01", 2), ("-01", 3), ("-", 1), ("+1", 0), (".5", 0), ("1.", 2), ("1.e3", 2),
    ("1e", 2), ("1e+", 3), ("0x10", 1), ("NaN", 0), ("-Infinity", 1), ("1e999", 5), ("'a'", 0),
    ("\"a", 2), ("\"a\nb\"", 2), ("\"\t\"", 1), ("\"\\x\"", 3), ("\"\\u12\"", 3),
    ("\"\\u+123\"", 3), ("// no\n1", 0), ("\u{FEFF}1", 0), ("{\"a\":1,\"a\":2}", 7),
    ("{\"a\":1,\"\\u0061\":1}", 7), ("[{\"x\":{\"y\":1,\"y\":1}}]", 13),
  ])
  func refusesWithThePlace(_ text: String, _ offset: Int) {
    #expect {
      try JSONValue(parsing: text)
    } throws: { ($0 as? JSONParseError)?.offset == offset }
  }

  @Test(arguments: [
    #""\ud800""#, #""\udc00""#, #""\ud800x""#, #""\ud800\n""#, #""\ud800\ud800""#,
    #""\ud800\u0041""#, #""\udc00\ud800""#,
  ])
  func refusesLoneSurrogates(_ text: String) {
    #expect(throws: JSONParseError.self) { try JSONValue(parsing: text) }
  }

  @Test(
    arguments: [
      [0xC0, 0x80], [0xFF], [0xED, 0xA0, 0x80], [0xC3], [0xF4, 0x90, 0x80, 0x80], [0x80],
    ] as [[UInt8]])
  func refusesWhatIsNotUTF8(_ bytes: [UInt8]) {
    #expect {
      try JSONValue(parsing: [0x22] + bytes + [0x22])
    } throws: { "\($0)" == "not JSON at byte 1: expected UTF-8" }
  }

  @Test func nestingIsBounded() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try JSONValue(parsing: nested(256))
    #expect(throws: JSONParseError.self) { try JSONValue(parsing: nested(257)) }
    #expect(throws: JSONParseError.self) {
      try JSONValue(parsing: String(repeating: "{\"a\":", count: 100_000))
    }
    // Siblings are no nesting.
    let wide = "[" + Array(repeating: "[]", count: 1000).joined(separator: ",") + "]"
    #expect(try JSONValue(parsing: wide).array?.count == 1000)
  }

  @Test func valuesKeepTheirKind() throws {
    let text = """
       {"a": [1, -0, 1.0, 1e2, 9223372036854775807, -9223372036854775808], "b": "x\\ud83d\\ude00\\/",
      \t"c": null, "d": true, "e": {}, "f": 9223372036854775808 }\r
      """
    let expected: JSONValue = [
      "a": [
        1, 0, .number(1), .number(100), .integer(.max), .integer(.min),
      ],
      "b": "x😀/", "c": .null, "d": true, "e": [:], "f": .number(9_223_372_036_854_775_808),
    ]
    #expect(try JSONValue(parsing: text) == expected)
  }

  @Test func accessorsAnswerForTheirKindOnly() {
    let value: JSONValue = ["n": 3, "big": "9007199254740993", "x": 0.5, "s": "t", "b": false]
    #expect(value["n"]?.integer == 3)
    #expect(value["n"]?.number == 3)
    #expect(value["big"]?.integer == 9_007_199_254_740_993)
    #expect(value["x"]?.integer == nil)
    #expect(value["x"]?.number == 0.5)
    #expect(value["s"]?.integer == nil)
    #expect(value["s"]?.string == "t")
    #expect(value["b"]?.bool == false)
    #expect(value["b"]?.number == nil)
    #expect(value["none"] == nil)
    #expect(value.array == nil)
    #expect(JSONValue.array([1])["0"] == nil)
  }
}
