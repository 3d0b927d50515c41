// Records of CSV against Python's own reader, over random bytes, and by hand.
import AtelierTesting
import CSV
import Foundation
import Testing

@Suite struct CSVReaderTests {
  private func records(_ text: String) throws -> [(line: Int, fields: [String])] {
    try Array(text.utf8).withUnsafeBufferPointer { bytes in
      var reader = try CSVReader(bytes)
      var found: [(line: Int, fields: [String])] = []
      while let record = try reader.next() {
        found.append((record.line, record.fields.indices.map(record.text)))
      }
      return found
    }
  }

  @Test func linesAndFieldsByHand() throws {
    let found = try records("a,\"b\"\"c\"\r\n\r\n\"x\r\ny\",\r\nlast")
    #expect(found.map(\.line) == [1, 2, 3, 5])
    #expect(found.map(\.fields) == [["a", "b\"c"], [""], ["x\r\ny", ""], ["last"]])
  }

  /// Random texts of the characters that matter: either both read the same, or ours names the fault.
  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func recordsAreThoseOfPython(seed: UInt64) throws {
    var generator = SeededGenerator(state: seed)
    let pieces = ["a", "\u{E9}", ",", "\n", "\"", "\"\"", "\"x\"", "\"x\ny\"", "\",\"", "b "]
    let texts = (0..<400).map { _ in
      (0..<Int.random(in: 0..<9, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }.joined()
    }
    let space = try TemporarySpace()
    let given = try space.write(
      "texts.json", String(decoding: JSONEncoder().encode(texts), as: UTF8.self))
    let script = try space.write(
      "read.py",
      """
      import csv, io, json, sys
      def read(text):
          try:
              # Strict, as RFC 4180: a lone quote within a field without quotes stays a character.
              return [row or [""] for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
          except csv.Error:
              return None
      print(json.dumps([read(text) for text in json.load(open(sys.argv[1]))]))
      """)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = ["-I", script, given]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let answer = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let expected = try JSONDecoder().decode([[[String]]?].self, from: answer)
    #expect(expected.count == texts.count)
    for (text, rows) in zip(texts, expected) {
      #expect((try? records(text).map(\.fields)) == rows, "\(text.debugDescription)")
    }
  }
}
