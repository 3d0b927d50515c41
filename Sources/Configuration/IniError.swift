// What can be wrong with an ini file, and the sentences that say so. It knows nothing of layers.

/// Why an ini file cannot be read, a value of it not be expanded, or a value not be written.
///
/// Lines count from one. No case carries the value of an option whose name marks it as a secret.
public enum IniError: Error, Equatable, Sendable {
  /// A line that cannot be read; `text` is an excerpt fit for a message.
  public struct Line: Equatable, Sendable {
    /// The line, counted from one.
    public let number: Int
    /// What stands there, without what may be a secret.
    public let text: String
  }

  /// A byte that begins no UTF-8 character; `offset` counts from zero.
  case invalidUTF8(file: String, line: Int, offset: Int)
  /// Something other than a comment before the first `[section]`.
  case missingSectionHeader(file: String, line: Line)
  /// A section that was already there at line `first`.
  case duplicateSection(file: String, line: Int, section: String, first: Int)
  /// An option that its section already had at line `first`.
  case duplicateOption(file: String, line: Int, section: String, option: String, first: Int)
  /// Lines that are no header, option, continuation or comment.
  case malformedLines(file: String, lines: [Line])
  /// A section that the file does not have.
  case noSection(file: String, section: String)
  /// A `%` in a value that begins neither `%%` nor `%(name)s`; `found` is empty for a secret.
  case interpolationSyntax(
    file: String, line: Int, section: String, option: String, found: String)
  /// A `%(reference)s` that names no option of the section or of DEFAULT.
  case interpolationReference(
    file: String, line: Int, section: String, option: String, reference: String)
  /// A value whose references lead to more than ten others in a row.
  case interpolationDepth(file: String, line: Int, section: String, option: String)
  /// A value that its references make longer than a MiB.
  case interpolationLength(file: String, line: Int, section: String, option: String)
  /// A value or name that `set` will not write, and why.
  case refusedValue(file: String, section: String, option: String, reason: String)

  /// At most sixty characters of a line, or only its first word where a secret may follow.
  ///
  /// `owner` is the option whose value the line may have been meant to continue.
  static func excerpt(of line: Substring, after owner: String? = nil) -> String {
    if let owner, Secret.isSecret(key: owner) { return Secret.mask }
    // A word beyond this is no name, and what follows it is not shown.
    if Secret.isSecret(key: String(line.unicodeScalars.prefix(200))) {
      let word = line.unicodeScalars.prefix { !$0.isPythonSpace && $0 != "=" && $0 != ":" }
      return Secret.isSecret(key: String(word)) && word.count < 40 && word.endIndex < line.endIndex
        ? String(word) + " " + Secret.mask : Secret.mask
    }
    return cut(line)
  }

  /// Malformed lines that a message shows.
  private static let mostLines = 20

  /// A name or an excerpt of at most sixty characters.
  static func cut(_ text: some StringProtocol) -> String {
    let start = text.unicodeScalars.prefix(60)
    return String(String.UnicodeScalarView(start)) + (start.endIndex < text.endIndex ? "..." : "")
  }
}

extension IniError: CustomStringConvertible {
  /// File, line, what was found, what was expected.
  public var description: String {
    switch self {
    case .invalidUTF8(let file, let line, let offset):
      "\(file):\(line): expected UTF-8 text, found an invalid byte at offset \(offset); "
        + "save the file as UTF-8"
    case .missingSectionHeader(let file, let line):
      "\(file):\(line.number): expected a [section] header before the first option, "
        + "found \(Self.shown(line.text))"
    case .duplicateSection(let file, let line, let section, let first):
      "\(file):\(line): section [\(Self.cut(section))] is already there at line \(first); "
        + "move its options there"
    case .duplicateOption(let file, let line, let section, let option, let first):
      "\(file):\(line): \(Self.cut(section)).\(Self.cut(option)) is already set at line \(first); remove one of them"
    case .malformedLines(let file, let lines):
      (lines.prefix(Self.mostLines).map { line in
        "\(file):\(line.number): expected 'key = value', 'key: value', a [section], a comment "
          + "(# or ;) or a line indented deeper than the key it continues, "
          + "found \(Self.shown(line.text))"
      } + (lines.count > Self.mostLines ? ["and \(lines.count - Self.mostLines) more"] : []))
      .joined(separator: "\n")
    case .noSection(let file, let section): "\(file): there is no section [\(Self.cut(section))]"
    default: valueDescription
    }
  }

  private var valueDescription: String {
    switch self {
    case .interpolationSyntax(let file, let line, let section, let option, let found):
      "\(file):\(line): \(Self.cut(section)).\(Self.cut(option)): expected '%%' or '%(name)s' where a '%' stands"
        + (found.isEmpty ? "" : ", found \(Self.shown(found))")
        + "; write '%%' for a percent sign"
    case .interpolationReference(let file, let line, let section, let option, let reference):
      "\(file):\(line): \(Self.cut(section)).\(Self.cut(option)) refers to "
        + "'%(\(Self.cut(reference)))s', but neither [\(Self.cut(section))] nor "
        + "[\(IniContents.defaultName)] has an option '\(Self.cut(reference))'"
    case .interpolationDepth(let file, let line, let section, let option):
      "\(file):\(line): \(Self.cut(section)).\(Self.cut(option)): its '%(name)s' references go deeper than "
        + "\(Interpolator.depthLimit) steps; do they go round in a circle?"
    case .interpolationLength(let file, let line, let section, let option):
      "\(file):\(line): \(Self.cut(section)).\(Self.cut(option)): its '%(name)s' references make "
        + "it longer than \(Interpolator.lengthLimit) bytes; do they multiply each other?"
    case .refusedValue(let file, let section, let option, let reason):
      "\(file): cannot set \(Self.cut(section)).\(Self.cut(option)): \(reason)"
    default: ""
    }
  }

  private static func shown(_ text: String) -> String {
    guard text.unicodeScalars.first == "\u{FEFF}" else { return "'\(text)'" }
    return "a byte order mark; save the file as UTF-8 without one"
  }
}
