// The tokenizer's part for string literals: where one ends, and what its indentation is. It
// keeps escapes and interpolations as they are written.

extension Tokenizer {
  /// Passes a literal from its first quote on, after `hashes` number signs.
  mutating func skipString(hashes: Int) throws(Unsure) -> [UInt8]? {
    if starts(with: "\"\"\"") { return try skipMultiLine(hashes: hashes) }
    let start = position
    position += 1
    while true {
      switch peek() {
      case 0, ASCII.newline:
        position = start
        throw unsure(.unterminatedString)
      case ASCII.backslash: try skipEscape(hashes: hashes)
      case ASCII.quote where isHashed(after: 1, hashes):
        position += 1 + hashes
        return nil
      default: position += 1
      }
    }
  }

  /// Passes `"""`, and gives the literal as it would be written without indentation.
  private mutating func skipMultiLine(hashes: Int) throws(Unsure) -> [UInt8] {
    guard peek(3) == ASCII.newline else { throw unsure(.multiLineDelimiter) }
    let start = position
    position += 3
    var lineStart = position
    while true {
      if starts(with: "\"\"\""), isHashed(after: 3, hashes) {
        let text = try withoutIndentation(start + 3, lineStart)
        position += 3 + hashes
        let delimiter = [UInt8](repeating: ASCII.quote, count: 3)
        let number = [UInt8](repeating: ASCII.hash, count: hashes)
        return number + delimiter + text + [ASCII.newline] + delimiter + number
      }
      switch peek() {
      case 0:
        position = start
        throw unsure(.unterminatedString)
      case ASCII.backslash: try skipEscape(hashes: hashes)
      case ASCII.newline:
        position += 1
        lineStart = position
      default: position += 1
      }
    }
  }

  /// The lines of a multi-line literal, each after a newline, less what stands before its end.
  ///
  /// - Parameters:
  ///   - start: the newline behind the opening delimiter.
  ///   - lineStart: the start of the line that holds the closing delimiter, where the cursor is.
  private func withoutIndentation(_ start: Int, _ lineStart: Int) throws(Unsure) -> [UInt8] {
    let indentation = bytes[lineStart..<position]
    guard indentation.allSatisfy({ $0 == ASCII.space || $0 == ASCII.tab }) else {
      throw unsure(.multiLineDelimiter)
    }
    var text: [UInt8] = []
    // From behind the first newline to before the last: none if both are one.
    guard start + 1 < lineStart else { return text }
    let lines = bytes[(start + 1)..<(lineStart - 1)]
    for line in lines.split(separator: ASCII.newline, omittingEmptySubsequences: false) {
      text.append(ASCII.newline)
      if line.isEmpty { continue }
      guard line.starts(with: indentation) else { throw unsure(.indentation) }
      text += line.dropFirst(indentation.count)
    }
    return text
  }

  /// Whether `hashes` number signs stand behind the next `offset` bytes.
  private func isHashed(after offset: Int, _ hashes: Int) -> Bool {
    for index in 0..<hashes where peek(offset + index) != ASCII.hash { return false }
    return true
  }

  /// Passes a backslash and what it makes special: an interpolation, or one byte.
  private mutating func skipEscape(hashes: Int) throws(Unsure) {
    guard isHashed(after: 1, hashes) else {
      position += 1
      return
    }
    position += 1 + hashes
    switch peek() {
    case ASCII.open: try skipInterpolation()
    // The loop around this sees the end of a line and the end of the source.
    case 0, ASCII.newline: break
    default: position += 1
    }
  }

  /// Passes an interpolation from its parenthesis on.
  private mutating func skipInterpolation() throws(Unsure) {
    let start = position
    var depth = 0
    repeat {
      switch peek() {
      case 0, ASCII.newline: throw unsure(.interpolation)
      case ASCII.slash where peek(1) == ASCII.slash || peek(1) == ASCII.star:
        throw unsure(.interpolation)
      case ASCII.space, ASCII.tab: position += 1
      case ASCII.open:
        depth += 1
        position += 1
      case ASCII.close:
        depth -= 1
        position += 1
      default: _ = try skipToken()
      }
    } while depth > 0
    if bytes[start..<position].contains(ASCII.newline) { throw unsure(.interpolation) }
  }
}
