// Reads a file with our reader into the form in which Python answers. It knows nothing of Python.
@testable import Configuration

extension Reading {
  /// What our reader makes of the bytes.
  init(ours bytes: [UInt8]) {
    do {
      self.init(try IniDocument(bytes: bytes, file: "f"))
    } catch {
      self.init(error: Reading.name(error))
    }
  }

  init(_ document: IniDocument) {
    defaults = document.defaults.map { name in
      [escaped(name), escaped(document.raw("DEFAULT", name) ?? "absent")]
    }
    sections = document.sections.map { section in
      Section(
        name: escaped(section),
        options: ((try? document.options(in: section)) ?? []).map {
          Option(document, section, $0)
        })
    }
  }

  /// The class of ConfigParser's exception for the same mistake, and the places it names.
  static func name(_ error: IniError) -> String {
    switch error {
    case .invalidUTF8(_, _, let offset): "UnicodeDecodeError [\(offset)]"
    case .missingSectionHeader(_, let line): "MissingSectionHeaderError [\(line.number)]"
    case .duplicateSection(_, let line, _, _): "DuplicateSectionError [\(line)]"
    case .duplicateOption(_, let line, _, _, _): "DuplicateOptionError [\(line)]"
    case .malformedLines(_, let lines): "ParsingError \(lines.map(\.number))"
    case .noSection: "NoSectionError"
    case .interpolationSyntax: "InterpolationSyntaxError"
    case .interpolationReference: "InterpolationMissingOptionError"
    case .interpolationDepth: "InterpolationDepthError"
    // ConfigParser would go on until the memory is full.
    case .interpolationLength: "too long"
    case .refusedValue: "refused"
    }
  }
}

extension Reading.Option {
  init(_ document: IniDocument, _ section: String, _ name: String) {
    self.name = escaped(name)
    raw = escaped(document.raw(section, name) ?? "absent")
    integer = "error"
    double = "error"
    boolean = "error"
    do {
      let text = try document.get(section, name) ?? "absent"
      value = escaped(text)
      integer = PythonValues.integer(text).map(String.init) ?? "error"
      double = PythonValues.double(text).map(Self.bits) ?? "error"
      boolean = PythonValues.boolean(text).map(String.init) ?? "error"
    } catch {
      value = Reading.name(error)
    }
  }

  private static func bits(_ number: Double) -> String {
    if number.isNaN { return "nan" }
    let digits = String(number.bitPattern, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
