// Reads an ini text line by line with the rules of Python 3.11's ConfigParser. It knows nothing of
// interpolation, types or rewriting.

/// The reader's state between two lines.
///
/// A line is the first of these that fits: empty, a comment, a continuation (deeper than the line
/// that opened the option), a section header, an option. A line that fits none is noted, and the
/// reading goes on, so that one error names them all; duplicates and a missing header end it.
struct IniParser {
  private let file: String
  private var contents = IniContents()
  private var section: Int?
  /// The option that a deeper line continues; nil after a header or a nameless option.
  private var option: Int?
  private var indentation = 0
  private var malformed: [IniError.Line] = []

  private init(file: String) { self.file = file }

  /// Reads the lines of `file`, whose name serves the errors only.
  static func read(_ lines: [SourceLine], file: String) throws(IniError) -> IniContents {
    var parser = IniParser(file: file)
    for (number, line) in lines.enumerated() { try parser.read(line.content, at: number) }
    guard parser.malformed.isEmpty else {
      throw .malformedLines(file: file, lines: parser.malformed)
    }
    return parser.contents
  }

  private mutating func read(_ line: Substring, at number: Int) throws(IniError) {
    let body = line.pythonStripped()
    guard let first = body.unicodeScalars.first else {
      extend(with: "", at: number)
      return
    }
    if first == "#" || first == ";" { return }
    let depth = line.pythonIndentation
    if option != nil, depth > indentation {
      extend(with: body, at: number)
    } else {
      indentation = depth
      try begin(body, at: number)
    }
  }

  private mutating func extend(with text: Substring, at number: Int) {
    guard let section, let option else { return }
    contents.update(section) { $0.extend(option, with: .init(line: number, text: text)) }
  }

  private mutating func begin(_ body: Substring, at number: Int) throws(IniError) {
    if let name = Self.header(body) {
      if name != IniContents.defaultName, let first = contents[name]?.header {
        throw .duplicateSection(file: file, line: number + 1, section: name, first: first + 1)
      }
      section = contents.open(name, at: number)
      option = nil
    } else if let section {
      try addOption(body, to: section, at: number)
    } else {
      throw .missingSectionHeader(
        file: file, line: IniError.Line(number: number + 1, text: IniError.excerpt(of: body)))
    }
  }

  private mutating func addOption(
    _ body: Substring, to section: Int, at number: Int
  ) throws(IniError) {
    guard let (key, value) = Self.keyAndValue(body) else {
      note(body, at: number)
      return
    }
    if key.isEmpty { note(body, at: number) }
    let name = key.pythonLowered
    if let first = contents.sections[section][name] {
      throw .duplicateOption(
        file: file, line: number + 1, section: contents.sections[section].name, option: name,
        first: first.line + 1)
    }
    let added = IniOption(name: name, pieces: [.init(line: number, text: value)])
    let position = contents.update(section) { $0.add(added) }
    option = name.isEmpty ? nil : position
  }

  /// Remembers a line without meaning, but not its text if it may be the rest of a secret.
  private mutating func note(_ body: Substring, at number: Int) {
    var owner: String?
    if let section, let option { owner = contents.sections[section].options[option].name }
    malformed.append(
      IniError.Line(number: number + 1, text: IniError.excerpt(of: body, after: owner)))
  }

  /// What stands between the `[` at the start and the last `]`; nil if there is nothing.
  private static func header(_ body: Substring) -> String? {
    let scalars = body.unicodeScalars
    guard scalars.first == "[", let close = scalars.lastIndex(of: "]") else { return nil }
    let start = scalars.index(after: scalars.startIndex)
    return start < close ? String(scalars[start..<close]) : nil
  }

  /// The texts before and after the first `=` or `:`, without white space around them.
  private static func keyAndValue(_ body: Substring) -> (key: Substring, value: Substring)? {
    let scalars = body.unicodeScalars
    guard let delimiter = scalars.firstIndex(where: { $0 == "=" || $0 == ":" }) else { return nil }
    return (
      Substring(scalars[..<delimiter]).pythonStripped(),
      Substring(scalars[scalars.index(after: delimiter)...]).pythonStripped()
    )
  }
}
