// The key document: everything that may change a step's bytes, in one canonical form.
// The key and its explanation are two readings of the same walk, so they cannot drift apart.

/// What an output is, as far as the key is concerned.
public struct OutputShape: Hashable, Sendable {
  /// The media type of the output's format.
  public let mediaType: String
  /// Whether the output is a tree of files.
  public let isTree: Bool

  /// The shape of an output.
  public init(mediaType: String, isTree: Bool) {
    self.mediaType = mediaType
    self.isTree = isTree
  }
}

/// Everything that may change a step's bytes.
///
/// Not in it: paths, host, user, clock, locale, verbosity, jobs, bucket, prefix, credentials.
public struct KeyDocument: Hashable, Sendable {
  /// The version of this form; a change gives every step another key.
  public static let schema = "atelier.action/1"

  /// The family of the step.
  public var family: String
  /// The name of the step within its family.
  public var step: String
  /// The fingerprint of the family's code.
  public var code: String
  /// The compiler that built the code.
  public var compiler: String
  /// Operating system and architecture, for example `linux-x86_64`.
  public var platform: String
  /// SQL texts by file name, raw.
  public var sql: [String: String]
  /// The parameters of the step.
  public var parameters: JSONValue
  /// The digests of the inputs by name.
  public var inputs: [String: Digest]
  /// The shapes of the outputs by name.
  public var outputs: [String: OutputShape]
  /// The digests of programs and libraries by name.
  public var programs: [String: Digest]

  /// A document from all that enters a key.
  public init(
    family: String, step: String, code: String, compiler: String, platform: String,
    sql: [String: String] = [:], parameters: JSONValue = .object([:]),
    inputs: [String: Digest] = [:], outputs: [String: OutputShape] = [:],
    programs: [String: Digest] = [:]
  ) {
    self.family = family
    self.step = step
    self.code = code
    self.compiler = compiler
    self.platform = platform
    self.sql = sql
    self.parameters = parameters
    self.inputs = inputs
    self.outputs = outputs
    self.programs = programs
  }

  /// The document as JSON: the one walk over its fields.
  public var json: JSONValue {
    [
      "schema": .string(Self.schema), "family": .string(family), "step": .string(step),
      "code": .string(code), "compiler": .string(compiler), "platform": .string(platform),
      "sql": .object(sql.mapValues(JSONValue.string)), "parameters": parameters,
      "inputs": .object(inputs.mapValues { .string($0.description) }),
      "outputs": .object(
        outputs.mapValues {
          ["mediaType": .string($0.mediaType), "kind": .string($0.isTree ? "tree" : "file")]
        }),
      "programs": .object(programs.mapValues { .string($0.description) }),
    ]
  }

  /// The canonical bytes, which are hashed and which the worker gets.
  public func canonicalBytes() throws -> [UInt8] { try json.canonicalBytes() }

  /// The action key: SHA-256 of the canonical bytes.
  public func key() throws -> ActionKey { try Self.key(of: canonicalBytes()) }

  /// The action key of a document's canonical bytes.
  public static func key(of bytes: [UInt8]) throws -> ActionKey { ActionKey(try Digest.of(bytes)) }
}

/// A key document that cannot be read back.
public struct KeyDocumentError: Error, CustomStringConvertible {
  /// The field that is missing or invalid.
  public let field: String
  /// The error in one sentence.
  public var description: String { "the key document has no usable field '\(field)'" }
}

extension KeyDocument {
  /// Reads a document back, of this schema version only.
  public init(json: JSONValue) throws {
    func text(_ field: String) throws -> String {
      guard let text = json[field]?.string else { throw KeyDocumentError(field: field) }
      return text
    }
    func members<T>(_ field: String, _ read: (JSONValue) -> T?) throws -> [String: T] {
      guard let members = json[field]?.object else { throw KeyDocumentError(field: field) }
      return try members.mapValues {
        guard let value = read($0) else { throw KeyDocumentError(field: field) }
        return value
      }
    }
    guard try text("schema") == Self.schema else { throw KeyDocumentError(field: "schema") }
    guard let parameters = json["parameters"] else { throw KeyDocumentError(field: "parameters") }
    self.init(
      family: try text("family"), step: try text("step"), code: try text("code"),
      compiler: try text("compiler"), platform: try text("platform"),
      sql: try members("sql", \.string), parameters: parameters,
      inputs: try members("inputs") { $0.string.flatMap { Digest($0) } },
      outputs: try members("outputs") {
        guard let type = $0["mediaType"]?.string, let kind = $0["kind"]?.string else { return nil }
        return OutputShape(mediaType: type, isTree: kind == "tree")
      },
      programs: try members("programs") { $0.string.flatMap { Digest($0) } })
  }
}

/// One field that differs between two key documents; nil where a side lacks it.
public struct FieldChange: Hashable, Sendable {
  /// The path of the field, for example `parameters.seed`.
  public let field: String
  /// The earlier value; nil for none.
  public let old: JSONValue?
  /// The current value; nil for none.
  public let new: JSONValue?

  /// A field that differs between two documents.
  public init(field: String, old: JSONValue?, new: JSONValue?) {
    self.field = field
    self.old = old
    self.new = new
  }
}

extension KeyDocument {
  /// The fields that differ, in the order of their paths.
  public static func changes(from old: JSONValue, to new: JSONValue) -> [FieldChange] {
    var changes: [FieldChange] = []
    // An explicit stack: parameters may nest deeply, and no recursion is needed.
    var stack: [(path: String, old: JSONValue?, new: JSONValue?)] = [("", old, new)]
    while let (path, old, new) = stack.popLast() {
      if case .object(let a)? = old, case .object(let b)? = new {
        for key in Set(a.keys).union(b.keys) {
          stack.append((path.isEmpty ? key : "\(path).\(key)", a[key], b[key]))
        }
      } else if case .array(let a)? = old, case .array(let b)? = new, a.count == b.count {
        for index in a.indices { stack.append(("\(path).\(index)", a[index], b[index])) }
      } else if !isSame(old, new) {
        changes.append(FieldChange(field: path, old: old, new: new))
      }
    }
    return changes.sorted { precedes($0.field, $1.field) }
  }

  /// Whether two values enter a key as the same bytes.
  ///
  /// `==` will not do: a document read back holds 7 where the step has 7.0, and Swift takes two
  /// texts for equal that differ in their Unicode composition.
  private static func isSame(_ old: JSONValue?, _ new: JSONValue?) -> Bool {
    guard let old, let new else { return old == nil && new == nil }
    guard let a = try? old.canonicalBytes(), let b = try? new.canonicalBytes() else { return false }
    return a == b
  }

  /// Path order with numbers by value and before words: `inputs.parts.2` before `inputs.parts.10`.
  private static func precedes(_ a: String, _ b: String) -> Bool {
    a.split(separator: ".").lexicographicallyPrecedes(b.split(separator: ".")) { a, b in
      switch (Int(a), Int(b)) {
      case (let a?, let b?): a < b
      case (nil, nil): a < b
      case (let a, _): a != nil
      }
    }
  }
}
