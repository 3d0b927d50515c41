// Bodies of requests that say something else than they seem to, each with what is right.
import AtelierTesting
import Foundation
import Testing

@testable import RowFormats

/// A body for a model of the columns a, b, c.
struct HostileBody: Sendable, CustomTestStringConvertible {
  let name: String
  let type: String
  let body: String
  let right: Right

  enum Right: Sendable {
    /// The values in their order; nil is missing.
    case values([Float?])
    /// Part of the sentence of the refusal.
    case refused(String)
  }

  var testDescription: String { name }

  init(_ name: String, _ type: String, _ body: String, _ right: Right) {
    (self.name, self.type, self.body, self.right) = (name, type, body, right)
  }

  /// As Tests/Hostile/requests.md lists it.
  var line: String {
    let what: String
    switch right {
    case .values(let values):
      what = "values `\(values.map { $0.map { "\($0)" } ?? "missing" }.joined(separator: " "))`"
    case .refused(let sentence): what = "refused: \(sentence)"
    }
    func shown(_ text: String) -> String {
      String(text.debugDescription.dropFirst().dropLast())
        .replacing("\u{FEFF}", with: "\\u{FEFF}")
    }
    return "| `\(name)` | `\(type)` | `\(shown(body))` | \(what) |"
  }

  static let all: [HostileBody] = [
    .init("csv-blank-end", "text/csv", "1,2,3\r\n\r\n", .values([1, 2, 3])),
    .init("csv-blank-middle", "text/csv", "1,2,3\n\n4,5,6", .refused("row 2 is empty")),
    .init("csv-mark", "csv", "\u{FEFF}1,2,3", .values([1, 2, 3])),
    .init("csv-quoted-fields", "text/csv", "\"1\",\"2\",\"3\"", .values([1, 2, 3])),
    .init("csv-quoted-row", "text/csv", "\"1,2,3\"", .values([1, 2, 3])),
    .init("csv-quoted-nothing", "text/csv", "1,\"\",3", .values([1, nil, 3])),
    .init("csv-quote-across", "text/csv", "\"1,2\",3", .refused("column 1 (a): expected a number")),
    .init("csv-nan", "text/csv", "1,NaN,3", .values([1, nil, 3])),
    .init("csv-na", "text/csv", "1,NA,3", .refused("column 2 (b): expected a number or nothing")),
    .init("csv-infinity", "text/csv", "1,inf,3", .refused("found 'inf'")),
    .init("csv-header", "text/csv", "a,b,c\n1,2,3", .refused("or say header=present")),
    .init("csv-header-said", "text/csv; header=present", "a,b,c\n1,2,3", .values([1, 2, 3])),
    .init("csv-label", "text/csv", "0,1,2,3", .refused("or say label_size=1")),
    .init("csv-label-said", "text/csv;label_size=1", "0,1,2,3", .values([1, 2, 3])),
    .init(
      "csv-label-too-many", "csv; label_size=9", "0,1,2,3",
      .refused("expected label_size = 9 and 3 values, found 4")),
    .init("csv-hint-unknown", "csv; label_size=two", "1,2,3", .refused("a number from 0 to 1000")),
    .init("csv-beyond-float", "text/csv", "1,1e39,3", .refused("found '1e39'")),
    .init("csv-hexadecimal", "text/csv", "1,0x10,3", .refused("found '0x10'")),
    .init(
      "csv-thousands", "text/csv", "1,\"2,000\",3", .refused("column 2 (b): expected a number")),
    .init("csv-semicolons", "text/csv", "1;2;3", .refused("column 1 (a): expected a number")),
    .init("libsvm", "text/libsvm", "1 0:1 2:3", .values([1, nil, 3])),
    .init("libsvm-without-label", "libsvm", "0:1 1:2", .values([1, 2, nil])),
    .init(
      "libsvm-from-one", "libsvm", "0 1:1 2:2 3:3", .refused("index 3 is beyond the model's 3")),
    .init("libsvm-twice", "text/x-libsvm", "0 1:1 1:2", .refused("the index 1 comes twice")),
    .init("libsvm-comment", "libsvm", "0 0:1 # 1:9", .values([1, nil, nil])),
    .init("json-nan", "json", "{\"instances\":[[1,NaN,3]]}", .values([1, nil, 3])),
    .init(
      "json-infinity", "json", "{\"instances\":[[1,Infinity,3]]}", .refused("found 'Infinity'")),
    .init(
      "json-text", "json", "{\"instances\":[[1,\"2\",3]]}", .refused("expected a number or null")),
    .init(
      "json-parameters", "json", "{\"parameters\":{},\"instances\":[[1,2,3]]}",
      .values([1, 2, 3])),
    .init(
      "json-parameters-used", "json", "{\"instances\":[[1,2,3]],\"parameters\":{\"k\":1}}",
      .refused("the body: expected {} for \"parameters\"")),
    .init(
      "json-split", "json", "{\"dataframe_split\":{\"data\":[[1,2,3]]}}",
      .refused("the body has the form \"dataframe_split\"")),
    .init(
      "json-by-name", "json", "{\"instances\":[{\"c\":3,\"b\":2,\"a\":1}]}",
      .refused("row 1 is an object by column (\"c\")")),
    .init("json-envelope", "json", "{\"rows\":[[1,2,3]]}", .refused("the body: expected")),
    .init("json-lines-mark", "jsonlines", "\u{FEFF}[1,2,3]\n", .values([1, 2, 3])),
  ]
}

@Suite struct HostileBodyTests {
  @Test(
    "data D17: hostile bodies are read as they are meant, or refused by name",
    arguments: HostileBody.all)
  func body(_ body: HostileBody) throws {
    let form = try? RowForm(contentType: body.type)
    func read() throws -> Rows {
      let form = try form ?? RowForm(contentType: body.type)
      return try Array(body.body.utf8).withUnsafeBufferPointer {
        try form.read($0, Columns(count: 3, names: ["a", "b", "c"]))
      }
    }
    switch body.right {
    case .values(let values):
      let found = try read().values
      #expect(found.map { $0.isNaN ? nil : $0 } == values)
    case .refused(let sentence):
      let said = failure { try read() } ?? "not refused"
      #expect(said.contains(sentence), "\(said)")
    }
  }

  /// The page lists just these.
  @Test func thePageListsThem() throws {
    let page = try String(
      contentsOfFile: TestTools.root + "/Tests/Hostile/requests.md", encoding: .utf8)
    let lines = page.split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
    #expect(lines == HostileBody.all.map(\.line))
  }
}
