// Action keys: golden values, and that each field enters the key under its own name.
import Content
import Testing

@Suite struct GoldenKeyTests {
  private static let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  private static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  // The three keys were reckoned with Python's json and hashlib from documents written by hand:
  // hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":"),
  //                           ensure_ascii=False).encode()).hexdigest()
  // A change here gives every result of every store another name: raise KeyDocument.schema then.

  @Test func theLeastDocument() throws {
    let document = KeyDocument(
      family: "Test", step: "Nothing", code: SharedPart(["Steps/Test/Nothing.swift": "c0de"]),
      build: SharedPart(["compiler": "Swift 6"]), platform: "linux-x86_64")
    #expect(
      try String(decoding: document.canonicalBytes(), as: UTF8.self)
        == #"{"build":{"compiler":"Swift 6"},"code":{"Steps/Test/Nothing.swift":"c0de"},"#
        + #""environment":{},"family":"Test","inputs":{},"network":false,"outputs":{},"#
        + #""packages":{},"parameters":{},"platform":"linux-x86_64","programs":{},"runtime":{},"#
        + #""schema":"atelier.action/2","sql":{},"step":"Nothing"}"#)
    #expect(
      try document.key().description
        == "sha256:69318fb4dc6684aa0089086b4552146c3de82b857cb896fa2950fee03f36416b")
  }

  @Test func aDocumentWithEveryField() throws {
    #expect(
      try KeyDocument.full.key().description
        == "sha256:3e07e2fce5a699698d2ec1522545a810cdd3a02a7116bb2a18623a83dfc7c568")
  }

  @Test func aDocumentWithTextBeyondASCII() throws {
    let abc = try #require(Digest(Self.abc))
    let empty = try #require(Digest(Self.empty))
    let document = KeyDocument(
      family: "Quer", step: "Größe", code: SharedPart(["é.swift": Self.empty]),
      build: SharedPart([:]), platform: "macos-arm64",
      sql: ["a.sql": "SELECT 'ä\n\t\"\\' -- 😀"],
      parameters: [
        "ﬁ": [true, false, .null, [:], []], "big": .integer(9_007_199_254_740_993),
        "edge": .integer(9_007_199_254_740_992), "tiny": 0.000001,
        "words": ["", "/", "\u{7F}", "e\u{301}"],
      ],
      inputs: Dictionary(
        uniqueKeysWithValues: (0..<12).map {
          (
            "parts.\($0)",
            KeyInput(
              digest: $0 % 2 == 0 ? abc : empty, size: Int64($0), kind: .file,
              mediaType: "text/csv", fileName: "ü.\($0).csv")
          )
        }),
      outputs: ["o": OutputShape(mediaType: "text/csv", isTree: false, fileName: "o.csv")])
    let text = String(decoding: try document.canonicalBytes(), as: UTF8.self)
    #expect(
      try document.key().description
        == "sha256:3c24d3029eb050cb3f19cb7049a0130f7437ae366fc2e69ea34b7ab04c14f5ad", "\(text)")
  }
}

extension KeyDocument {
  /// A document in which no field is empty.
  fileprivate static var full: KeyDocument {
    get throws {
      let abc = try Digest.of("abc")
      let empty = try Digest.of("")
      return KeyDocument(
        family: "Train", step: "TrainModel",
        code: SharedPart(["Steps/Train/A.swift": "f00d", "Steps/Train/B.swift": "beef"]),
        build: SharedPart(["compiler": "Swift version 6.3", "unchecked": "no"]),
        platform: "linux-x86_64", runtime: SharedPart(["libm.so.6": abc.description]),
        environment: SharedPart(["TZ": "UTC"]), network: true,
        sql: ["rows.sql": "SELECT 1;\n", "views.sql": "CREATE VIEW v AS SELECT 2;"],
        parameters: [
          "seed": 7, "rate": 0.25, "name": "x", "list": [1, 2, 3], "deep": ["a": true],
        ],
        inputs: [
          "events": .init(
            digest: abc, size: 3, kind: .file, mediaType: "text/csv", fileName: "events.csv"),
          "parts.2": .init(
            digest: empty, size: 0, kind: .tree, mediaType: "text/plain", fileName: "parts.2"),
          "parts.10": .init(
            digest: abc, size: 3, kind: .file, mediaType: "text/plain", fileName: "parts.10.txt"),
        ],
        outputs: [
          "model": .init(mediaType: "application/json", isTree: false, fileName: "model.json"),
          "parts": .init(mediaType: "text/csv", isTree: true, fileName: "parts"),
        ],
        programs: [
          "duckdb": KeyProgram(digest: empty, loads: ["libc.so.6": abc]),
          "xgboost": KeyProgram(digest: abc),
        ], packages: ["python3": "3.11.2-1"])
    }
  }
}

@Suite struct KeyFieldTests {
  typealias Edit = @Sendable (inout KeyDocument) throws -> Void
  /// The digest of `foo`.
  static let other = "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
  static let abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  static let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  static let edits: [(edit: Edit, changes: [FieldChange])] = [
    ({ $0.family = "Other" }, [.init(field: "family", old: "Train", new: "Other")]),
    ({ $0.step = "T" }, [.init(field: "step", old: "TrainModel", new: "T")]),
    (
      { $0.code = SharedPart(["Steps/Train/A.swift": "f00d", "Steps/Train/C.swift": "1"]) },
      [
        .init(field: "code.Steps/Train/B.swift", old: "beef", new: nil),
        .init(field: "code.Steps/Train/C.swift", old: nil, new: "1"),
      ]
    ),
    (
      { $0.build = SharedPart(["compiler": "Swift version 6.4", "unchecked": "no"]) },
      [.init(field: "build.compiler", old: "Swift version 6.3", new: "Swift version 6.4")]
    ),
    (
      { $0.build = SharedPart(["compiler": "Swift version 6.3", "unchecked": "yes"]) },
      [.init(field: "build.unchecked", old: "no", new: "yes")]
    ),
    (
      { $0.runtime = SharedPart(["libm.so.6": other]) },
      [.init(field: "runtime.libm.so.6", old: .string(abc), new: .string(other))]
    ),
    (
      { $0.environment = SharedPart(["TZ": "CET"]) },
      [.init(field: "environment.TZ", old: "UTC", new: "CET")]
    ),
    ({ $0.network = false }, [.init(field: "network", old: true, new: false)]),
    (
      { $0.packages["python3"] = "3.11.2-2" },
      [.init(field: "packages.python3", old: "3.11.2-1", new: "3.11.2-2")]
    ),
    (
      { $0.platform = "macos-arm64" },
      [.init(field: "platform", old: "linux-x86_64", new: "macos-arm64")]
    ),
    (
      { $0.sql["rows.sql"] = "SELECT 1;" },
      [.init(field: "sql.rows.sql", old: "SELECT 1;\n", new: "SELECT 1;")]
    ),
    ({ $0.sql["new"] = "" }, [.init(field: "sql.new", old: nil, new: "")]),
    (
      { $0.sql["views.sql"] = nil },
      [.init(field: "sql.views.sql", old: "CREATE VIEW v AS SELECT 2;", new: nil)]
    ),
    (
      { $0.parameters = [:] },
      [
        .init(field: "parameters.deep", old: ["a": true], new: nil),
        .init(field: "parameters.list", old: [1, 2, 3], new: nil),
        .init(field: "parameters.name", old: "x", new: nil),
        .init(field: "parameters.rate", old: 0.25, new: nil),
        .init(field: "parameters.seed", old: 7, new: nil),
      ]
    ),
    (
      { try $0.set("seed", "7") }, [.init(field: "parameters.seed", old: 7, new: "7")]
    ),
    ({ try $0.set("seed", .null) }, [.init(field: "parameters.seed", old: 7, new: .null)]),
    ({ try $0.set("rate", 0.5) }, [.init(field: "parameters.rate", old: 0.25, new: 0.5)]),
    ({ try $0.set("list", [1, 9, 3]) }, [.init(field: "parameters.list.1", old: 2, new: 9)]),
    (
      { try $0.set("list", [1, 2]) },
      [.init(field: "parameters.list", old: [1, 2, 3], new: [1, 2])]
    ),
    (
      { try $0.set("deep", ["a": false]) },
      [.init(field: "parameters.deep.a", old: true, new: false)]
    ),
    (
      { try $0.setInput("events", digest: other) },
      [.init(field: "inputs.events", old: .string(abc), new: .string(other))]
    ),
    (
      { try $0.setInput("events", size: 4) },
      [.init(field: "inputs.events.size", old: 3, new: 4)]
    ),
    (
      { try $0.setInput("events", kind: .tree) },
      [.init(field: "inputs.events.kind", old: "file", new: "tree")]
    ),
    (
      { try $0.setInput("events", mediaType: "text/plain") },
      [.init(field: "inputs.events.mediaType", old: "text/csv", new: "text/plain")]
    ),
    (
      { try $0.setInput("events", fileName: "events.tsv") },
      [.init(field: "inputs.events.fileName", old: "events.csv", new: "events.tsv")]
    ),
    (
      { $0.outputs["model"] = .init(mediaType: "text/csv", isTree: false, fileName: "model.json") },
      [.init(field: "outputs.model.mediaType", old: "application/json", new: "text/csv")]
    ),
    (
      { $0.outputs["parts"] = .init(mediaType: "text/csv", isTree: false, fileName: "parts") },
      [.init(field: "outputs.parts.kind", old: "tree", new: "file")]
    ),
    (
      { $0.outputs["parts"] = .init(mediaType: "text/csv", isTree: true, fileName: "p") },
      [.init(field: "outputs.parts.fileName", old: "parts", new: "p")]
    ),
    (
      { $0.outputs["model"] = nil },
      [
        .init(
          field: "outputs.model",
          old: ["mediaType": "application/json", "kind": "file", "fileName": "model.json"], new: nil
        )
      ]
    ),
    (
      {
        $0.programs["duckdb"] = KeyProgram(
          digest: try #require(Digest(abc)), loads: $0.programs["duckdb"]?.loads ?? [:])
      },
      [.init(field: "programs.duckdb", old: .string(empty), new: .string(abc))]
    ),
    (
      {
        $0.programs["duckdb"] = KeyProgram(
          digest: try #require(Digest(empty)), loads: ["libc.so.6": try #require(Digest(other))])
      },
      [.init(field: "programs.duckdb.loads.libc.so.6", old: .string(abc), new: .string(other))]
    ),
    (
      { $0.programs["xgboost"] = nil },
      [
        .init(
          field: "programs.xgboost", old: .string(abc), new: nil)
      ]
    ),
  ]

  @Test(arguments: edits.indices)
  func everyFieldEntersTheKeyAndIsNamed(_ index: Int) throws {
    let old = try KeyDocument.full
    var new = old
    try Self.edits[index].edit(&new)
    #expect(try new.key() != old.key())
    #expect(KeyDocument.changes(from: old.json, to: new.json) == Self.edits[index].changes)
    // The way back names the same fields with the sides exchanged.
    #expect(
      KeyDocument.changes(from: new.json, to: old.json)
        == Self.edits[index].changes.map { .init(field: $0.field, old: $0.new, new: $0.old) })
  }

  @Test func everyEditGivesAKeyOfItsOwn() throws {
    var keys: Set<ActionKey> = [try KeyDocument.full.key()]
    for (edit, _) in Self.edits {
      var document = try KeyDocument.full
      try edit(&document)
      keys.insert(try document.key())
    }
    #expect(keys.count == Self.edits.count + 1)
  }

  @Test func numberedPartsAreInTheOrderOfTheirNumbers() throws {
    var old = try KeyDocument.full
    old.inputs = [:]
    var new = old
    for number in [10, 2, 0, 1, 11, 100, 20] {
      new.inputs["parts.\(number)"] = try .plain(Digest(Self.abc))
    }
    new.inputs["parts.1a"] = try .plain(Digest(Self.abc))
    new.inputs["parts"] = try .plain(Digest(Self.abc))
    new.step = "Z"
    #expect(
      KeyDocument.changes(from: old.json, to: new.json).map(\.field) == [
        "inputs.parts", "inputs.parts.0", "inputs.parts.1", "inputs.parts.2", "inputs.parts.10",
        "inputs.parts.11", "inputs.parts.20", "inputs.parts.100", "inputs.parts.1a", "step",
      ])
  }

  /// `explain` compares the document of a result, read back from its bytes, with a fresh one.
  @Test func aDocumentReadBackDiffersInNothing() throws {
    var document = try KeyDocument.full
    document.parameters = [
      "whole": .number(7), "zero": .number(-0.0), "big": .integer(.max), "huge": .number(1e18),
      "list": [.number(1), 0.1], "text": "e\u{301}😀",
    ]
    let back = try JSONValue(parsing: document.canonicalBytes())
    #expect(KeyDocument.changes(from: back, to: document.json) == [])
    #expect(KeyDocument.changes(from: document.json, to: back) == [])
    #expect(try KeyDocument(json: back).key() == document.key())
  }

  @Test func textsThatLookAlikeAreDifferent() throws {
    var old = try KeyDocument.full
    try old.set("name", "\u{E9}")
    var new = old
    try new.set("name", "e\u{301}")
    #expect(try old.key() != new.key())
    #expect(KeyDocument.changes(from: old.json, to: new.json).map(\.field) == ["parameters.name"])
  }

  @Test func documentsAreReadBackWhole() throws {
    let document = try KeyDocument.full
    #expect(try KeyDocument(json: document.json) == document)
    let back = try KeyDocument(json: JSONValue(parsing: document.canonicalBytes()))
    #expect(back == document)
  }

  @Test(arguments: [
    "schema", "family", "step", "code", "build", "runtime", "environment", "network", "platform",
    "sql", "parameters", "inputs", "outputs", "programs", "packages",
  ])
  func aMissingOrWrongFieldIsNamed(_ field: String) throws {
    var members = try #require(try KeyDocument.full.json.object)
    members[field] = nil
    #expect {
      try KeyDocument(json: .object(members))
    } throws: { ($0 as? KeyDocumentError)?.field == field }
    if field == "parameters" { return }
    let isShared = ["code", "build", "runtime", "environment"].contains(field)
    for wrong: JSONValue in isShared ? [5] : [5, ["x": 5]] {
      members[field] = wrong
      #expect {
        try KeyDocument(json: .object(members))
      } throws: { ($0 as? KeyDocumentError)?.field == field }
    }
  }

  @Test func anotherSchemaIsRefused() throws {
    var members = try #require(try KeyDocument.full.json.object)
    members["schema"] = "atelier.action/1"
    let old = JSONValue.object(members)
    #expect(throws: KeyDocumentError.self) { try KeyDocument(json: old) }
    // Fields of two schemas mean other things, so that none is compared.
    #expect(
      KeyDocument.changes(from: old, to: try KeyDocument.full.json)
        == [FieldChange(field: "key schema", old: 1, new: 2)])
  }
}

extension KeyDocument {
  /// Replaces parts of one input.
  fileprivate mutating func setInput(
    _ name: String, digest: String? = nil, size: Int64? = nil, kind: OutputKind? = nil,
    mediaType: String? = nil, fileName: String? = nil
  ) throws {
    let old = try #require(inputs[name])
    inputs[name] = KeyInput(
      digest: try digest.map { try #require(Digest($0)) } ?? old.digest, size: size ?? old.size,
      kind: kind ?? old.kind, mediaType: mediaType ?? old.mediaType,
      fileName: fileName ?? old.fileName)
  }

  /// Replaces one parameter.
  fileprivate mutating func set(_ name: String, _ value: JSONValue) throws {
    var members = try #require(parameters.object)
    members[name] = value
    parameters = .object(members)
  }
}

extension KeyInput {
  /// An input of which only the digest matters.
  fileprivate static func plain(_ digest: Digest?) throws -> KeyInput {
    KeyInput(
      digest: try #require(digest), size: 1, kind: .file, mediaType: "text/plain", fileName: "a")
  }
}
