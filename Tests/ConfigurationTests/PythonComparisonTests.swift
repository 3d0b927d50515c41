// Our reader against Python's configparser on several hundred files and values.
import Foundation
import Testing

@testable import Configuration

@Suite(
  .enabled(
    if: PythonReference.isAvailable,
    "python3 3.11 or 3.12 is not on PATH; nothing to compare with"))
struct PythonComparisonTests {
  @Test func readsAndRefusesAsPythonDoes() throws {
    var corpus = IniCorpus(seed: 20_261_121)
    let files = (0..<6000).map { _ in corpus.file() } + Self.corners
    let answer = try PythonReference.ask(.init(files: files.map { Data($0) }))
    try #require(answer.files.count == files.count)
    for (file, expected) in zip(files, answer.files) {
      #expect(
        Reading(ours: file) == expected,
        "\(escaped(String(decoding: file, as: UTF8.self)))")
    }
    // The comparison is worth something only if each outcome is among the files.
    let outcomes = Dictionary(grouping: answer.files) { reading in
      reading.error.map { String($0.prefix { $0 != " " }) } ?? "read"
    }.mapValues(\.count)
    #expect(
      Set(outcomes.keys) == [
        "read", "UnicodeDecodeError", "MissingSectionHeaderError", "DuplicateSectionError",
        "DuplicateOptionError", "ParsingError",
      ])
    #expect(outcomes.values.allSatisfy { $0 >= 5 }, "\(outcomes)")
    #expect(outcomes["read", default: 0] >= 2000, "\(outcomes)")
    let values = Set(answer.files.flatMap(\.sections).flatMap(\.options).map(\.value))
    #expect(
      values.isSuperset(of: [
        "InterpolationSyntaxError", "InterpolationMissingOptionError", "InterpolationDepthError",
      ]))
  }

  @Test func keepsOrRefusesValuesAsPythonDoes() throws {
    var corpus = IniCorpus(seed: 7)
    let values = IniCorpus.values + (0..<400).map { _ in corpus.value() }
    let answer = try PythonReference.ask(.init(values: values))
    for (value, expected) in zip(values, answer.values) {
      var document = try IniDocument(text: "[S]\nkey = old\n", file: "f")
      do {
        try document.set("S", "key", value)
        // `write` ends each section with an empty line.
        #expect(
          RoundTrip(survives: true, written: escaped(document.text + "\n")) == expected,
          "\(escaped(value))")
      } catch {
        #expect(!expected.survives, "\(escaped(value)): \(error)")
      }
    }
    #expect(answer.values.count { $0.survives } >= 100)
    #expect(answer.values.count { !$0.survives } >= 100)
  }

  /// Files that chance would seldom make.
  private static let corners: [[UInt8]] = [
    "", "\n\n", "# only\n", "[]\n", "[]]\n", "[a]\n= 1\n  deeper\n= 2\n", "[a]\n= 1\n  x = 2\n",
    "[a]\nk = 1\nbad\n  more\nworse\n", "[a]\n  k = 1\n b = 2\n   c\n",
    "[a]\nk =\n  x\n\n  y\n\n\n[b]\n",
    "[a]\nk = 1\n# c\n  2\n  ; d\n  3\n", "[a]\nk = 1\n  [b]\n",
    "[DEFAULT]\na = 1\n[DEFAULT]\nb = 2\n",
    "[DEFAULT]\na = 1\n[DEFAULT]\nA = 2\n", "[a]\nk\n=\n", "[a]\nk = %(k)s\n", "[a]\n[a]\nbad",
    "[a]\nbad\n[a]\n", "[a]\n\u{3A3} = 1\n\u{3C3} = 2\n", "[a]\nA\u{3A3} = 1\na\u{3C2} = 2\n",
    "[a]\nA\u{3A3}.B = 1\na\u{3C3}.b = 2\n", "\u{FEFF}[a]\nk = 1\n", "[a]\nk = 1\r\r\n  2",
    "[DEFAULT]\nx = 1\n[a]\nk = %(x)s%(X)s\n", "[DEFAULT]\nx = %(k)s\n[a]\nk = 3\n[b]\n",
    (["[a]", "k0 = end%%"] + (1...12).map { "k\($0) = %(k\($0 - 1))s" }).joined(separator: "\n"),
    "[a]\nk = %(a\n b)s\n", "[a]\nk = %(x)\n  s\n", "[a]\nk = %(K:)s\n",
    // Only an expanded value can begin with white space.
    "[a]\ne =\nk = %(e)s\u{1C}5%(e)s\nm = %(e)s\u{2003}5%(e)s\nn = %(e)s yes%(e)s\n",
  ].map { Array($0.utf8) }
}
