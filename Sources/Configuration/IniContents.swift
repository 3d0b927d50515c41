// What the reader found in a file: sections, options, and the lines they came from. It knows
// nothing of interpolation, layers or rewriting.

/// An option: its lower-case name and the lines of its value.
struct IniOption: Sendable {
  /// A line of a value, without white space around it.
  struct Piece: Sendable {
    let line: Int
    let text: Substring
  }

  let name: String
  /// The value's lines, counted from zero: never empty, the first is the line of the key.
  var pieces: [Piece]

  /// The line of the key, counted from zero.
  var line: Int { pieces[0].line }

  /// The last line that carries a part of the value; empty lines after it belong to nobody.
  var lastLine: Int { pieces.last { !$0.text.isEmpty }?.line ?? line }

  /// The value before interpolation.
  var value: String {
    let end = pieces.lastIndex { !$0.text.isEmpty } ?? 0
    return pieces[...end].map(\.text).joined(separator: "\n")
  }
}

/// A section with its options in order.
struct IniSection: Sendable {
  let name: String
  /// The line of its last header, counted from zero; nil for a DEFAULT that is not written out.
  var header: Int?
  /// The last line after that header which is a header, a key or a part of a value.
  var lastLine: Int?
  private(set) var options: [IniOption] = []
  private var index: [ExactName: Int] = [:]

  init(name: String) { self.name = name }

  /// The option with this lower-case name.
  subscript(name: String) -> IniOption? { index[ExactName(name)].map { options[$0] } }

  /// Adds an option that is not there yet and gives its position.
  mutating func add(_ option: IniOption) -> Int {
    index[ExactName(option.name)] = options.count
    options.append(option)
    lastLine = option.line
    return options.count - 1
  }

  /// Continues the value of the option at `position`; an empty line moves no boundary.
  mutating func extend(_ position: Int, with piece: IniOption.Piece) {
    options[position].pieces.append(piece)
    if !piece.text.isEmpty { lastLine = piece.line }
  }
}

/// All sections of a file; the first is always DEFAULT.
struct IniContents: Sendable {
  static let defaultName = "DEFAULT"

  private(set) var sections = [IniSection(name: defaultName)]
  private var index = [ExactName(defaultName): 0]

  var defaults: IniSection { sections[0] }

  func position(of section: String) -> Int? { index[ExactName(section)] }

  subscript(name: String) -> IniSection? { position(of: name).map { sections[$0] } }

  /// Begins a section, or DEFAULT again, at a header line and gives its position.
  mutating func open(_ name: String, at line: Int) -> Int {
    let position = index[ExactName(name)] ?? sections.count
    if position == sections.count {
      index[ExactName(name)] = position
      sections.append(IniSection(name: name))
    }
    sections[position].header = line
    sections[position].lastLine = line
    return position
  }

  /// Changes the section at `position` in place.
  mutating func update<Result>(
    _ position: Int, _ change: (inout IniSection) -> Result
  ) -> Result {
    change(&sections[position])
  }
}
