// The file: what is written is read again, by line; what is wrong is named.
import Baselines
import Content
import Testing

@Suite struct BaselineFileTests {
  private func baseline() throws -> Baseline {
    let bytes = Bytes(digest: try Digest.of("a"), size: 1, mediaType: "text/csv", isTree: true)
    return Baseline(
      workshop: "w", platform: "here", settings: ["A.users": "20", "A.b": "a \"quoted\" one"],
      entries: [
        "s.one": Entry(
          bytes: bytes,
          content: OutputValues(
            rows: 3,
            columns: [
              Column(
                name: "x", type: "DOUBLE",
                values: ["nulls": 0, "min": .number(-0.25), "max": .number(1e300)]),
              Column(name: "ü", type: "VARCHAR", values: ["top": ["a,b": 2]]),
            ], numbers: ["/a~1b": 0.1, "/c": 3]),
          tolerance: Tolerance(absolute: 0.5, relative: 0.25),
          tolerances: ["/c": Tolerance(relative: 0.125), "x.min": Tolerance()]),
        "s.two": Entry(bytes: bytes, content: OutputValues()),
      ])
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let text = try baseline().text()
    let read = try Baseline(parsing: Array(text.utf8), file: "f")
    #expect(try read == baseline())
    #expect(try read.text() == text)
    // A line a number, so that a diff is one, too.
    #expect(text.contains("\n        \"/c\": 3\n"))
    #expect(text.contains("\n    \"s.two\": {\n"))
    let empty = Baseline(workshop: "w", platform: "p", settings: [:], entries: [:])
    #expect(try Baseline(parsing: Array(empty.text().utf8), file: "f") == empty)
  }

  @Test(arguments: [
    ("\"baseline\": 1", "\"baseline\": 2", "f: baseline: expected"),
    ("\"sha256:", "\"sha255:", ".digest: expected sha256:"),
    ("\"absolute\"", "\"absolut\"", "f: entries.s.one.tolerance: expected {\"absolute\": N}"),
    ("0.125", "-1", "f: entries.s.one.tolerances./c: expected"),
    ("\"x.min\": {", "\"x.mni\": {", "not 'x.mni'"),
    ("\"kind\": \"tree\"", "\"kind\": \"bush\"", ".kind: expected file or tree"),
    ("\"rows\": 3", "\"rows\": \"many\"", "f: entries.s.one.rows: expected a whole number"),
    ("\"workshop\"", "workshop", "f: not JSON at byte"),
  ])
  func aWrongMemberIsNamed(_ right: String, _ wrong: String, _ message: String) throws {
    let text = try baseline().text()
    #expect(text.contains(right))
    let damaged = text.replacing(right, with: wrong)
    let error = #expect(throws: BaselineFileError.self) {
      try Baseline(parsing: Array(damaged.utf8), file: "f")
    }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test func aToleranceWithoutANumberIsAMistake() throws {
    let text = try baseline().text().replacing(
      "\"kind\": \"tree\",\n      \"size\": 1\n    }",
      with: "\"kind\": \"tree\",\n      \"size\": 1,\n      \"tolerance\": {\"absolute\": 1}\n    }"
    )
    let error = #expect(throws: BaselineFileError.self) {
      try Baseline(parsing: Array(text.utf8), file: "f")
    }
    #expect(error?.description.contains("entries.s.two.tolerance: expected none") == true)
  }
}
