// Mutated JSON: no crash, no hang, short messages, and the canonical form is a fixed point.
import AtelierTesting
import Content
import Testing

@Suite struct JSONFuzzTests {
  private static let corpus = [
    #"{"a":1,"b":[true,false,null],"c":{"d":"text \u00e9\n\ud83d\ude00"}}"#,
    #"[0.1,1e21,-0,9007199254740993,1E-7,123456789012345680000,-9223372036854775808]"#,
    #"{"":"","\u0000":"\u001f","é":"\\\"\/\b\f"}"#, "[[[[[[]]]]]]", "1.7976931348623157e308", "",
  ]

  @Test func mutatedTexts() throws {
    let found = try FuzzBudget("JSON", count: 20_000).run(
      corpus: Self.corpus.map { Array($0.utf8) },
      words: [
        "[", "]", "{", "}", "\"", "\\u", "\\ud800", "\\", ",", ":", "e400", "5e-324", "null", "0x",
        ".",
      ]
    ) { bytes in
      let value: JSONValue
      do {
        value = try JSONValue(parsing: bytes)
      } catch {
        guard "\(error)".utf8.count < 1000 else { throw BrokenProperty("a message without end") }
        return false
      }
      let canonical = try value.canonicalBytes()
      let again = try JSONValue(parsing: canonical)
      guard try again.canonicalBytes() == canonical else {
        throw BrokenProperty("the canonical form is no fixed point")
      }
      return true
    }
    #expect(found.accepted > 100 && found.refused > 1000, "\(found)")
  }
}
