// Why a Swift source has no normal form. It knows nothing of hashing.

/// A place where the tokenizer is not sure to read a source as the compiler does.
///
/// Not a failure: it only means that comments and layout of the sources count.
public struct Unsure: Error, Hashable, Sendable {
  /// What was found.
  public let reason: Reason
  /// The line, from 1.
  public let line: Int

  /// What the tokenizer leaves to the compiler.
  public enum Reason: String, Sendable {
    case notUTF8 = "invalid UTF-8"
    case controlCharacter = "a control character"
    case shebang = "a `#!` line"
    case unterminatedComment = "a comment without an end"
    case strayCommentEnd = "a `*/` without a comment"
    case unterminatedString = "a string literal without an end"
    case singleQuote = "a single quote"
    case multiLineDelimiter = "an odd delimiter of a multi-line string literal"
    case indentation = "a line less indented than the end of its string literal"
    case interpolation = "an interpolation with a comment or over several lines"
    case regex = "what may be a regular expression literal"
    case directive = "a `#` word whose value may depend on the place"
    case backtick = "an odd identifier in back-ticks"
    case notASCII = "a character outside of ASCII that is neither in a string nor in a comment"
  }
}
