// The tokens of one source for those who read declarations. It knows no grammar.

/// A Swift source as tokens, with the text, the line and the comments of each.
package struct SourceTokens: Sendable {
  /// The tokens as they are written.
  package let texts: [String]
  /// The line of each, from 1.
  package let lines: [Int]
  /// What stands before each token.
  package let gaps: [Gap]
  /// The lines of `///` before each token, without the marks of the comment.
  package let documentation: [[String]]

  /// Splits a source.
  ///
  /// - Throws: `Unsure` where only the compiler could tell tokens from layout.
  package init(_ source: [UInt8]) throws(Unsure) {
    let bytes = try NormalForm.foldedLines(source)
    let tokens = try Tokenizer.tokens(of: bytes)
    var texts: [String] = []
    var lines: [Int] = []
    var documentation: [[String]] = []
    var end = 0
    var line = 1
    for token in tokens {
      let gap = bytes[end..<token.range.lowerBound]
      line += gap.count { $0 == ASCII.newline }
      texts.append(String(decoding: bytes[token.range], as: UTF8.self))
      lines.append(line)
      documentation.append(Self.documentation(in: gap))
      line += bytes[token.range].count { $0 == ASCII.newline }
      end = token.range.upperBound
    }
    (self.texts, self.lines, self.documentation) = (texts, lines, documentation)
    gaps = tokens.map(\.gap)
  }

  private static func documentation(in gap: ArraySlice<UInt8>) -> [String] {
    gap.split(separator: ASCII.newline).map { $0.drop { $0 == ASCII.space || $0 == ASCII.tab } }
      .filter { $0.starts(with: "///".utf8) }
      .map { String(decoding: $0.dropFirst($0.starts(with: "/// ".utf8) ? 4 : 3), as: UTF8.self) }
  }
}
