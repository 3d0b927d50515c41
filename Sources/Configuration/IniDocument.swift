// An ini file as text and as sections with options. It knows nothing of files on disk, overrides
// or defaults.

/// An ini file read with the rules of Python 3.11's `configparser.ConfigParser`.
///
/// Section names are case-sensitive; option names are compared in lower case, and an option that a
/// section lacks is looked for in DEFAULT. Dumping a document shows no values, for some are secret.
public struct IniDocument: Sendable {
  /// The file's name, for messages.
  public let file: String
  /// The file's text, byte for byte as it was read or as `set` left it.
  public private(set) var text: String
  private(set) var contents: IniContents

  /// Reads a text; `file` is only a name.
  ///
  /// - Throws: the first mistake that ends the reading, or all malformed lines together.
  public init(text: String, file: String) throws(IniError) {
    self.file = file
    self.text = text
    contents = try IniParser.read(SourceLine.split(text), file: file)
  }

  /// Reads a file's bytes, which must be UTF-8; a byte order mark counts as text, as in Python.
  public init(bytes: [UInt8], file: String) throws(IniError) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let valid = bytes[..<Self.firstInvalidByte(bytes)]
      let line = SourceLine.split(String(decoding: valid, as: UTF8.self) + ".").count
      throw .invalidUTF8(file: file, line: line, offset: valid.count)
    }
    try self.init(text: text, file: file)
  }

  /// The names of the sections in order, without DEFAULT.
  public var sections: [String] { contents.sections.dropFirst().map(\.name) }

  /// The names of the options of DEFAULT in lower case, in order.
  public var defaults: [String] { contents.defaults.options.map(\.name) }

  /// The names, in lower case, of a section's own options and then of those of DEFAULT.
  ///
  /// - Throws: `IniError.noSection`, also for DEFAULT itself.
  public func options(in section: String) throws(IniError) -> [String] {
    guard let position = contents.position(of: section), position > 0 else {
      throw .noSection(file: file, section: section)
    }
    let own = contents.sections[position]
    return own.options.map(\.name) + defaults.filter { own[$0] == nil }
  }

  /// The value before interpolation, of the section or of DEFAULT; nil if there is none.
  public func raw(_ section: String, _ key: String) -> String? {
    option(section, key.pythonLowered)?.value
  }

  /// The value with its references expanded; nil if there is no such section or option.
  ///
  /// - Throws: an interpolation error of `IniError`.
  public func get(_ section: String, _ key: String) throws(IniError) -> String? {
    let name = key.pythonLowered
    guard let found = option(section, name) else { return nil }
    var interpolator = Interpolator { reference in
      option(section, reference).map { Substitution(value: $0.value) }
    }
    do {
      return try interpolator.expand(found.value)
    } catch {
      throw wrapped(error, section, name, references: interpolator.references)
    }
  }

  /// The line of the option's key, counted from one, be it in the section or in DEFAULT.
  public func line(_ section: String, _ key: String) -> Int? {
    option(section, key.pythonLowered).map { $0.line + 1 }
  }

  /// The line of the section's header, counted from one.
  public func line(ofSection section: String) -> Int? { contents[section]?.header.map { $0 + 1 } }

  /// The option with this lower-case name in the section, or else in DEFAULT.
  func option(_ section: String, _ name: String) -> IniOption? {
    guard let own = contents[section] else { return nil }
    return own[name] ?? contents.defaults[name]
  }

  /// The fault as an error that names where the option stands, without what may be secret.
  func wrapped(
    _ fault: InterpolationFault, _ section: String, _ name: String, references: [String]
  ) -> IniError {
    let line = (option(section, name)?.line ?? 0) + 1
    switch fault {
    case .depth:
      return .interpolationDepth(file: file, line: line, section: section, option: name)
    case .length:
      return .interpolationLength(file: file, line: line, section: section, option: name)
    case .reference(let missing):
      return .interpolationReference(
        file: file, line: line, section: section, option: name, reference: missing)
    case .syntax(let found):
      let isSecret = ([name] + references).contains(where: Secret.isSecret)
      return .interpolationSyntax(
        file: file, line: line, section: section, option: name, found: isSecret ? "" : found)
    }
  }

  private static func firstInvalidByte(_ bytes: [UInt8]) -> Int {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var offset = 0
    while case .valid(let scalar) = parser.parseScalar(from: &iterator) { offset += scalar.count }
    return offset
  }
}

extension IniDocument: Equatable {
  /// Whether name and text are the same, byte for byte.
  public static func == (a: IniDocument, b: IniDocument) -> Bool {
    a.file.isExactly(b.file) && a.text.isExactly(b.text)
  }
}

extension IniDocument: CustomStringConvertible, CustomReflectable {
  /// The file's name and how much it holds, without any value.
  public var description: String { "ini document '\(file)' with \(sections.count) sections" }

  /// A mirror without children, since the text may hold secrets.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
