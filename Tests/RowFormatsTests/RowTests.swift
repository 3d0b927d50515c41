// Rows as clients send them: what is read, and the words for what is not.
import AtelierTesting
import Testing

@testable import RowFormats

@Suite struct RowTests {
  private func float(_ text: String) -> Float? {
    Array(text.utf8).withUnsafeBufferPointer { NumberText.float($0) }
  }

  /// Every text is read as the standard library's own conversion reads it.
  @Test func numbersAreTheNearestFloats() {
    var generator = SeededGenerator(state: 11)
    var texts = [
      "0", "-0", "1.", ".5", "16777217", "16777219", "1e22", "1e-22", "1e23", "3.4028235e38",
      "1e-45", "1.17549435e-38", "0.1", "123456789012345678901234567890", "1e+5",
      "9007199254740993",
      "0.30000001192092896", "8388608.5", "8388609.5", "1e-400", "00001", "2.5e0003",
    ]
    for _ in 0..<20_000 {
      let bits = UInt32.random(in: 0...UInt32.max, using: &generator)
      let value = Float(bitPattern: bits)
      if value.isFinite { texts.append("\(value)") }
      let digits = UInt64.random(in: 0...999_999_999_999, using: &generator)
      let exponent = Int.random(in: -60...40, using: &generator)
      texts += ["\(digits)e\(exponent)", "-\(digits % 1000).\(digits)"]
    }
    for text in texts {
      let expected = Float(text)
      #expect(
        float(text)?.bitPattern == expected.flatMap { $0.isFinite ? $0.bitPattern : nil },
        "\(text)")
    }
  }

  @Test(arguments: [
    "", "-", "+", ".", "e5", "1e", "1e+", "0x10", "1,5", "1 2", "inf", "nan", "--1", "1e39",
    "1_000",
    "٣", "1\0", "\"1\"",
  ])
  func whatIsNoNumberIsRefused(_ text: String) { #expect(float(text) == nil) }

  @Test func linesOfCSV() throws {
    let rows = try read("1,2,3\r\n4,,-6.5e0\n 7 ,\tNaN,9")
    #expect(rows.count == 3)
    let expected: [Float] = [1, 2, 3, 4, .nan, -6.5, 7, .nan, 9]
    #expect(rows.values.map(\.bitPattern) == expected.map(\.bitPattern))
    #expect(try read("1,2,3\n").count == 1)
    let narrow = try read("1\n\n2\n", columns: 1)
    #expect(narrow.count == 3 && narrow.values[1].isNaN)
  }

  @Test(arguments: [
    ("", "the body is empty"),
    ("1,2,3\n1,2\n", "row 2: expected 3 values, found 2; the first missing one is column 3 (c)"),
    ("1,2,3,4", "row 1: expected 3 values, found 4; send the features without the label"),
    ("1,2,3,4,5,6", "row 1: expected 3 values, found 6"),
    ("1,2,3\n\n1,2,3", "row 2 is empty"),
    (
      "a,b,c\n1,2,3",
      "row 1, column 1 (a): expected a number or nothing, found 'a'; send rows without"
    ),
    ("1,2,3\n1,x\u{1},3", "row 2, column 2 (b): expected a number or nothing, found 'x\\x01'"),
    ("1,2,\u{0}", "column 3 (c): expected a number or nothing, found '\\x00'"),
    ("\"x\",2,3", "column 1 (a): expected a number or nothing, found '\"x\"'"),
    ("\"1,2\",3", "row 1, column 1 (a): expected a number or nothing, found '\"1'"),
    ("1,2,inf", "column 3 (c): expected a number or nothing, found 'inf'"),
    ("1,2,\(String(repeating: "9", count: 80))", "found '\(String(repeating: "9", count: 40))'..."),
    ("1\r2,2,3", "found '1\\x0d2'"),
  ])
  func refusedCSV(_ text: String, _ words: String) {
    let said = failure { try read(text) } ?? ""
    #expect(said.contains(words), "\(said)")
  }

  @Test func linesOfJSON() throws {
    let text = """
      [1, 2.5, null]
      {"features": [4,5,6]}\r

       {"data" : {"features": {"values": [7 ,8, 9e0]}}}
      """
    let rows = try read(text, .jsonLines)
    #expect(rows.count == 3)
    let expected: [Float] = [1, 2.5, .nan, 4, 5, 6, 7, 8, 9]
    #expect(rows.values.map(\.bitPattern) == expected.map(\.bitPattern))
    let all = try read(#"{"instances": [[1,2,3], {"features": [4,5,6]}]}"#, .json)
    #expect(all == Rows(values: [1, 2, 3, 4, 5, 6], count: 2))
  }

  @Test(arguments: [
    ("", "the body holds no row"),
    ("[1,2]", "row 1: expected 3 values, found 2; the first missing one is column 3 (c)"),
    ("[1,2,3]\n[1,2,3,4]", "row 2: expected 3 values, found more than 3"),
    ("[1,\"2\",3]", "row 1, column 2 (b): expected a number or null, found '\"2\"'"),
    ("[1,[2],3]", "row 1, column 2 (b): expected a number or null, found '[2'"),
    ("[1,,3]", "column 2 (b): expected a number or null, found ''"),
    ("[1,2,3", "expected ',' or ']', found the end of the body"),
    ("[1,2,3] [4,5,6]", "row 2: expected the end of the line, found '[4,5,6]'"),
    ("{\"rows\": [1,2,3]}", "row 1: expected \"features\" or \"data\", found '\"rows\": [1,2,3]}'"),
    ("{\"features\": [1,2,3], \"x\": 1}", "expected '}', since \"features\" is the only member"),
    ("{\"features\": 1}", "expected an array, found '1}'"),
    ("{\"features", "expected \"features\" or \"data\""),
    ("{", "found the end of the body"),
    ("1,2,3", "expected an array"),
    (String(repeating: "[", count: 1000), "expected a number or null"),
    (String(repeating: "{\"data\":", count: 1000), "expected \"features\", found"),
    ("{\"b\": 2, \"a\": 1}", "row 1 is an object by column (\"b\"), which is not taken"),
    ("[1,Infinity,3]", "expected a number or null, found 'Infinity'"),
  ])
  func refusedJSON(_ text: String, _ words: String) {
    let said = failure { try read(text, .jsonLines) } ?? ""
    #expect(said.contains(words), "\(said.prefix(300))")
    #expect(said.utf8.allSatisfy { $0 >= 32 && $0 < 127 })
  }

  @Test("data D17: what SageMaker's container takes of CSV is taken")
  func formsOfCSV() throws {
    let expected = Rows(values: [1, 2, 3, 4, 5, 6], count: 2)
    for text in [
      "1,2,3\n4,5,6\n\n", "1,2,3\r\n4,5,6\r\n\r\n", "\u{FEFF}1,2,3\n4,5,6",
      "\"1\",\"2\",\"3\"\n4,\" 5\",6\n", "\"1,2,3\"\n\"4,5,6\"\n",
    ] {
      #expect(try read(text) == expected, "\(text)")
    }
    #expect(try read("1,\"\",3").values[1].isNaN)
    func hinted(_ type: String, _ text: String) throws -> Rows {
      let form = try RowForm(contentType: type)
      return try Array(text.utf8).withUnsafeBufferPointer {
        try form.read($0, Columns(count: 3, names: ["a", "b", "c"]))
      }
    }
    #expect(try hinted("text/csv; header=present", "x,y,z\n1,2,3\n4,5,6\n") == expected)
    #expect(try hinted("csv;label_size=1", "9,1,2,3\n\"8,4,5,6\"\n") == expected)
    #expect(
      try hinted("Text/CSV; header=Present; label_size=2; charset=utf-8", "h\n0,9,1,2,3\n0,9,4,5,6")
        == expected)
    #expect(
      failure { try hinted("csv; label_size=1", "1,2,3") }?.contains(
        "row 1: expected 3 values, found 2") == true)
    #expect(
      failure { try hinted("csv; label_size=3", "1,2,3") }?.contains(
        "row 1: expected label_size = 3 and 3 values, found 3") == true)
    for type in [
      "csv; label_size=x", "csv; label_size=-1", "csv; header=yes", "json; label_size=1",
    ] {
      #expect(failure { try RowForm(contentType: type) }?.contains("in the Content-Type") == true)
    }
  }

  @Test("data D17: libsvm is taken, by XGBoost's own indexes from 0")
  func libsvm() throws {
    let rows = try read("1 0:1 1:2.5 2:-3\r\n0:4 2:6 # no label\n-1 qid:7 1:5\n\n2\n", .libsvm)
    #expect(rows.count == 4)
    let expected: [Float] = [1, 2.5, -3, 4, .nan, 6, .nan, 5, .nan, .nan, .nan, .nan]
    #expect(rows.values.map(\.bitPattern) == expected.map(\.bitPattern))
    for (text, words) in [
      ("", "the body is empty"), ("1 3:1", "row 1: the index 3 is beyond the model's 3 columns"),
      ("1 1:1 1:2", "row 1: the index 1 comes twice"),
      ("1 0:x", "row 1, column 1 (a): expected a number"),
      ("0 1 2", "row 1: expected index:value, found '1'"),
      ("a 0:1", "expected index:value, found 'a'"),
      ("0 -1:1", "row 1: expected index:value, found '-1:1'"),
    ] {
      #expect(failure { try read(text, .libsvm) }?.contains(words) == true, "\(text)")
    }
    let many = String(repeating: "1\n", count: 3_000_000)
    #expect(failure { try read(many, .libsvm) }?.contains("more than 8388608 values") == true)
  }

  @Test("data D17: JSON as Python writes it, and a sentence for other servers' forms")
  func formsOfJSON() throws {
    let expected: [Float] = [1, .nan, 3]
    for text in [
      #"{"instances": [[1, NaN, 3]], "parameters": {}}"#,
      #"{"parameters":{ },"instances":[[1,null,3]]}"#,
    ] {
      #expect(try read(text, .json).values.map(\.bitPattern) == expected.map(\.bitPattern))
    }
    for (text, words) in [
      (#"{"dataframe_split": {"columns": []}}"#, #"the body has the form "dataframe_split""#),
      (
        #"{"instances": [[1,2,3]], "x": 1}"#,
        #"the body: expected "instances" once, or "parameters", found '"x"#
      ),
      (#"{"instances": [[1,2,3]], "parameters": {"a": 1}}"#, "the body: expected {} for"),
      (#"{"instances": [[1,2,3]]"#, "the body: expected ',' or '}', found the end"),
      (#"{"instances": [[1,2,3], [1,2]]}"#, "row 2: expected 3 values, found 2"),
      (#"{"parameters": {}}"#, #"the body has no "instances""#),
      (#"{"instances": [{"a": 1}]}"#, "row 1 is an object by column"),
      ("[[1,2,3]]", "the body: expected"),
    ] {
      let said = failure { try read(text, .json) } ?? ""
      #expect(said.contains(words), "\(said)")
    }
  }

  /// Whatever bytes come, they are read or refused, and what is said of them is plain text.
  @Test func anyBytesAreReadOrRefused() {
    var generator = SeededGenerator(state: 5)
    let alphabet = Array("0123456789,.-+eE\n\r []{}\":nulfeatrsdiv\u{0}\u{7F}".utf8) + [0xFF, 0xC3]
    for round in 0..<6000 {
      let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
      }
      let format = Format.allCases[round % 4]
      do throws(Refusal) {
        let rows = try bytes.withUnsafeBufferPointer { buffer throws(Refusal) in
          try RowForm(format).read(buffer, Columns(count: 2, names: []))
        }
        #expect(rows.count > 0 && rows.values.count == rows.count * 2)
        let isFinite = rows.values.allSatisfy { !$0.isInfinite }
        #expect(isFinite)
      } catch {
        #expect(error.status == 400)
        #expect(error.description.utf8.allSatisfy { $0 >= 32 && $0 < 127 })
      }
    }
  }
}

/// Reads a text as a format does.
private func read(_ text: String, _ format: Format = .csv, columns: Int = 3) throws -> Rows {
  try Array(text.utf8).withUnsafeBufferPointer { buffer in
    try RowForm(format).read(
      buffer, Columns(count: columns, names: columns == 3 ? ["a", "b", "c"] : []))
  }
}
