// A token of Swift source and the gap before it. It knows no grammar.

/// What stands between two tokens: all of the layout that may change a program's meaning.
package enum Gap: Equatable, Sendable {
  case nothing, space, newline
}

/// A word, a string literal, a `#` word, or one other byte.
///
/// Operators and numbers are several tokens with nothing between them.
struct Token: Equatable, Sendable {
  /// What stands before the token; `nothing` before the first of a file.
  let gap: Gap
  /// Where it stands in the bytes, CRLF counted as one newline.
  let range: Range<Int>
  /// A multi-line string literal without its indentation; nil where the bytes stay as they are.
  let rewritten: [UInt8]?
}
