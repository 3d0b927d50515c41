// One member of a JSON document that a person wrote, with its position, so that an error names both.
import Content

/// What is wrong with a document.
public struct DocumentError: Error, Hashable, CustomStringConvertible {
  /// The document's name, as typed.
  public let file: String
  /// Such as `outputs.features.features[3].type`; empty for the document itself.
  public let member: String
  /// What was found or expected, and what to do.
  public let problem: String

  /// An error of a document.
  public init(file: String, member: String, problem: String) {
    (self.file, self.member, self.problem) = (file, member, problem)
  }

  /// `file: member: problem`.
  public var description: String {
    member.isEmpty ? "\(file): \(problem)" : "\(file): \(member): \(problem)"
  }
}

/// A value in a JSON document, and where it is.
public struct DocumentMember: Sendable {
  /// The document's name, as typed.
  public let file: String
  /// The position, such as `outputs.all.features[3]`; empty for the document itself.
  public let path: String
  /// The value.
  public let value: JSONValue

  /// The document itself, of a value.
  public init(_ value: JSONValue, file: String) { self.init(file: file, path: "", value: value) }

  /// Parses a document.
  ///
  /// - Throws: a `DocumentError` where the bytes are not one JSON text.
  public init(parsing bytes: [UInt8], file: String) throws {
    do {
      self.init(try JSONValue(parsing: bytes), file: file)
    } catch {
      throw DocumentError(file: file, member: "", problem: "\(error)")
    }
  }

  private init(file: String, path: String, value: JSONValue) {
    (self.file, self.path, self.value) = (file, path, value)
  }

  /// An error of this member.
  public func error(_ problem: String) -> DocumentError {
    DocumentError(file: file, member: path, problem: problem)
  }

  /// An error that says what was expected, and the start of what was found.
  public func expected(_ what: String) -> DocumentError {
    let found = (try? value.canonicalText()) ?? "?"
    return error("expected \(what), found \(found.prefix(60))")
  }

  /// The members of an object.
  public func object() throws -> [String: JSONValue] {
    guard let members = value.object else { throw expected("an object") }
    return members
  }

  /// Rejects an unknown member: most likely a slip of the pen.
  public func checkMembers(_ known: [String]) throws {
    if let unknown = try unknownMembers(known).first {
      throw unknown.error("unknown member; expected one of \(known.joined(separator: ", "))")
    }
  }

  /// The members of an object that are not among the known ones, by name.
  public func unknownMembers(_ known: [String]) throws -> [DocumentMember] {
    try members().filter { !known.contains($0.name) }.map(\.member)
  }

  /// All members of an object, by name.
  public func members() throws -> [(name: String, member: DocumentMember)] {
    try object().sorted { $0.key < $1.key }.map { ($0.key, place($0.key, $0.value)) }
  }

  /// A member that must be there.
  public func member(_ name: String) throws -> DocumentMember {
    guard let member = try optional(name) else { throw place(name, .null).error("missing") }
    return member
  }

  /// A member; nil where there is none.
  public func optional(_ name: String) throws -> DocumentMember? {
    try object()[name].map { place(name, $0) }
  }

  private func place(_ name: String, _ value: JSONValue) -> DocumentMember {
    // A name that would move the cursor or end the line is shown as JSON has it.
    let isShown =
      !name.isEmpty && name.unicodeScalars.allSatisfy { $0.value >= 32 && $0 != "\u{7F}" }
    let shown = isShown ? name : (try? JSONValue.string(name).canonicalText()) ?? "?"
    return DocumentMember(file: file, path: path.isEmpty ? shown : "\(path).\(shown)", value: value)
  }

  /// The elements of an array that has some.
  public func elements() throws -> [DocumentMember] {
    guard let elements = try list() else { throw expected("a list") }
    return elements
  }

  /// The elements of an array; nil for an empty one.
  public func list() throws -> [DocumentMember]? {
    guard let elements = value.array else { throw expected("a list") }
    guard !elements.isEmpty else { return nil }
    return elements.enumerated().map {
      DocumentMember(file: file, path: "\(path)[\($0)]", value: $1)
    }
  }

  /// A text that is not empty.
  public func text() throws -> String {
    guard let text = value.string, !text.isEmpty else { throw expected("a text") }
    return text
  }

  /// A text of one line, without characters that move a cursor.
  public func line() throws -> String {
    let line = try text()
    guard line.unicodeScalars.allSatisfy({ $0.value >= 32 && $0 != "\u{7F}" }) else {
      throw expected("a text of one line")
    }
    return line
  }

  /// True or false.
  public func flag() throws -> Bool {
    guard let flag = value.bool else { throw expected("true or false") }
    return flag
  }

  /// A whole number.
  public func whole() throws -> Int {
    guard case .integer(let number) = value, let whole = Int(exactly: number) else {
      throw expected("a whole number")
    }
    return whole
  }

  /// A finite number.
  public func number() throws -> Double {
    guard let number = value.number, number.isFinite else { throw expected("a number") }
    return number
  }
}
