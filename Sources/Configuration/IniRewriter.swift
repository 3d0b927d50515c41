// Lays a value's lines into an ini text in the style of the lines around. It checks nothing:
// whoever calls it reads the result again.

/// The lines of a text while one value is being changed.
struct IniRewriter {
  private var lines: [SourceLine]
  private let contents: IniContents
  private let endsWithNewline: Bool

  init(text: String, contents: IniContents) {
    lines = SourceLine.split(text)
    self.contents = contents
    endsWithNewline = lines.last?.ending.isEmpty != true
  }

  /// The text with the line endings it had: a missing last one stays missing.
  var text: String {
    var result = lines
    for index in result.indices where result[index].ending.isEmpty {
      result[index].ending = newline
    }
    if !endsWithNewline { result[result.count - 1].ending = "" }
    return SourceLine.join(result)
  }

  /// The line ending of the first line.
  private var newline: Substring {
    guard let first = lines.first?.ending, !first.isEmpty else { return "\n" }
    return first
  }

  /// Puts a value in place of an option's; only lines of the old value go away.
  mutating func replace(_ option: IniOption, with value: String) {
    let old = lines[option.line]
    let new = Self.lines(
      from: Self.head(of: old.content), indent: Self.indent(of: old.content), value: value,
      ending: old.ending)
    let last = option.lastLine
    let gone = option.pieces.map(\.line).filter { $0 <= last }
    for index in gone.reversed() { lines.remove(at: index) }
    lines.insert(contentsOf: new, at: option.line)
  }

  /// Puts a new option behind the last header, key or value line of its section.
  mutating func append(key: String, value: String, to section: IniSection) {
    guard let header = section.header, let last = section.lastLine else { return }
    let next = lines[(last + 1)...].first { line in
      guard let first = line.content.pythonStripped().unicodeScalars.first else { return false }
      return first != "#" && first != ";"
    }
    let neighbour = section.options.last { $0.line > header }.map { lines[$0.line].content }
    // A line deeper than the new key would be taken for a part of its value.
    let indent = Self.indent(of: neighbour ?? next?.content ?? "")
    let new = Self.lines(
      from: indent + key + delimiter(like: neighbour), indent: indent, value: value,
      ending: lines[last].ending)
    lines.insert(contentsOf: new, at: last + 1)
  }

  /// Puts a new section with one option at the end, an empty line before it.
  mutating func append(section: String, key: String, value: String) {
    let ending = lines.last?.ending ?? newline
    if lines.last?.content.pythonStripped().isEmpty == false {
      lines.append(SourceLine(content: "", ending: ending.isEmpty ? newline : ending))
    }
    lines.append(SourceLine(content: Substring("[" + section + "]"), ending: ending))
    let head = key + delimiter(like: nil)
    lines += Self.lines(from: head, indent: "", value: value, ending: ending)
  }

  /// The delimiter and the spaces around it, as in the line given or in the file's last option.
  private func delimiter(like neighbour: Substring?) -> String {
    let last = contents.sections.flatMap(\.options).max { $0.line < $1.line }
    guard let model = neighbour ?? last.map({ lines[$0.line].content }) else { return " = " }
    let head = Self.head(of: model).unicodeScalars
    guard let sign = head.firstIndex(where: { $0 == "=" || $0 == ":" }) else { return " = " }
    let before = head[..<sign].last?.isPythonSpace == true ? " " : ""
    let after = head.index(after: sign) < head.endIndex ? " " : ""
    return before + String(head[sign]) + after
  }

  /// A value's lines: the first behind `head`, the others one tab deeper than the key.
  private static func lines(
    from head: String, indent: String, value: String, ending: Substring
  ) -> [SourceLine] {
    value.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
      SourceLine(content: ($0 == 0 ? head : indent + "\t") + Substring($1), ending: ending)
    }
  }

  private static func indent(of line: Substring) -> String {
    String(line.unicodeScalars.prefix(while: \.isPythonSpace))
  }

  /// An option's line up to where its value begins or would begin.
  private static func head(of line: Substring) -> String {
    let scalars = line.unicodeScalars
    guard let sign = scalars.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
      return String(line)
    }
    let after = scalars[scalars.index(after: sign)...]
    let space = after.prefix(while: \.isPythonSpace)
    var head = String(scalars[..<space.endIndex])
    // Before a bare delimiter there is no style to keep: a space follows one, or a colon.
    let isSpaced = scalars[..<sign].last?.isPythonSpace == true || scalars[sign] == ":"
    if after.isEmpty, isSpaced { head += " " }
    return head
  }
}
