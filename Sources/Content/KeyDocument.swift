// The key document: everything that may change a step's bytes, in one canonical form.
// The key and its explanation are two readings of the same walk, so they cannot drift apart.

/// Everything that may change a step's bytes.
///
/// Not in it: paths, host, user, clock, locale, verbosity, jobs, bucket, prefix, credentials, and
/// settings of the build that change no result (`-O`, `-Onone`, `-g`, `-enable-testing`).
public struct KeyDocument: Hashable, Sendable {
  /// The version of this form; a change gives every step another key.
  public static let schema = "atelier.action/2"

  /// The family of the step.
  public var family: String
  /// The name of the step within its family.
  public var step: String
  /// The digests of the step's code, by file.
  public var code: SharedPart
  /// What turned the code into a program: compiler, target, flags.
  public var build: SharedPart
  /// Operating system and architecture, for example `linux-x86_64`.
  public var platform: String
  /// The digests of the files of the system that each step's process has loaded, by file name.
  public var runtime: SharedPart
  /// The variables of the step's process, paths below its own folder given from there.
  public var environment: SharedPart
  /// Whether the step may use the network.
  public var network: Bool
  /// SQL texts by file name, raw.
  public var sql: [String: String]
  /// Texts in other languages by file name, raw; the field is left out where there is none.
  public var scripts: [String: String]
  /// The parameters of the step.
  public var parameters: JSONValue
  /// The inputs by name.
  public var inputs: [String: KeyInput]
  /// The shapes of the outputs by name.
  public var outputs: [String: OutputShape]
  /// Programs and libraries by name.
  public var programs: [String: KeyProgram]
  /// Versions of the system's packages that the step may read, by package.
  public var packages: [String: String]

  /// A document from all that enters a key.
  public init(
    family: String, step: String, code: SharedPart, build: SharedPart,
    platform: String, runtime: SharedPart = SharedPart([:]),
    environment: SharedPart = SharedPart([:]),
    network: Bool = false, sql: [String: String] = [:], scripts: [String: String] = [:],
    parameters: JSONValue = .object([:]),
    inputs: [String: KeyInput] = [:], outputs: [String: OutputShape] = [:],
    programs: [String: KeyProgram] = [:], packages: [String: String] = [:]
  ) {
    self.family = family
    self.step = step
    self.code = code
    self.build = build
    self.platform = platform
    self.runtime = runtime
    self.environment = environment
    self.network = network
    self.sql = sql
    self.scripts = scripts
    self.parameters = parameters
    self.inputs = inputs
    self.outputs = outputs
    self.programs = programs
    self.packages = packages
  }

  /// Everything that the step runs as text, by file name.
  package var texts: [String: String] { sql.merging(scripts) { $1 } }

  /// The fields by name, each as a value or as canonical JSON: the one walk over them.
  private var fields: [(name: String, value: Part)] {
    let scripts: [(name: String, value: Part)] =
      scripts.isEmpty
      ? [] : [("scripts", .own(.object(scripts.mapValues(JSONValue.string))))]
    return [
      ("build", .shared(build)), ("code", .shared(code)), ("environment", .shared(environment)),
      ("family", .own(.string(family))), ("inputs", .own(.object(inputs.mapValues(\.json)))),
      ("network", .own(.bool(network))), ("outputs", .own(.object(outputs.mapValues(\.json)))),
      ("packages", .own(.object(packages.mapValues(JSONValue.string)))),
      ("parameters", .own(parameters)), ("platform", .own(.string(platform))),
      ("programs", .own(.object(programs.mapValues(\.json)))), ("runtime", .shared(runtime)),
      ("schema", .own(.string(Self.schema))),
    ] + scripts + [
      ("sql", .own(.object(sql.mapValues(JSONValue.string)))), ("step", .own(.string(step))),
    ]
  }

  private enum Part {
    case shared(SharedPart)
    case own(JSONValue)

    var json: JSONValue {
      switch self {
      case .shared(let part): part.json
      case .own(let value): value
      }
    }
  }

  /// The document as JSON.
  public var json: JSONValue {
    .object(Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value.json) }))
  }

  /// The canonical bytes, which are hashed: the fields in the order of their names.
  public func canonicalBytes() throws -> [UInt8] {
    var bytes: [UInt8] = []
    for (name, value) in fields {
      bytes.append(UInt8(ascii: bytes.isEmpty ? "{" : ","))
      bytes += "\"\(name)\":".utf8
      switch value {
      case .shared(let part): bytes += part.text.utf8
      case .own(let value): bytes += try value.canonicalBytes()
      }
    }
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }

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
    func part(_ field: String) throws -> SharedPart {
      guard let part = json[field].flatMap({ SharedPart(json: $0) }) else {
        throw KeyDocumentError(field: field)
      }
      return part
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
    guard let network = json["network"]?.bool else { throw KeyDocumentError(field: "network") }
    self.init(
      family: try text("family"), step: try text("step"), code: try part("code"),
      build: try part("build"), platform: try text("platform"),
      runtime: try part("runtime"), environment: try part("environment"), network: network,
      sql: try members("sql", \.string),
      scripts: json["scripts"] == nil ? [:] : try members("scripts", \.string),
      parameters: parameters,
      inputs: try members("inputs", KeyInput.init(json:)),
      outputs: try members("outputs", OutputShape.init(json:)),
      programs: try members("programs", KeyProgram.init(json:)),
      packages: try members("packages", \.string))
  }
}
