// Attestations: what we sign others accept and the reverse; what is forged, stale or foreign is refused, each
// for its own reason.
import AtelierTesting
import Content
import Foundation
import Provenance
import Subprocess
import Testing

@Suite struct AttestationTests {
  /// Two keys of openssl, in files.
  struct Keys {
    let folder: TemporaryFolder
    let own: SigningKey
    let other: SigningKey

    init() throws {
      folder = try TemporaryFolder()
      let openssl = TestTools.path(of: "openssl") ?? "/usr/bin/openssl"
      for name in ["own", "other"] {
        let made = try EnvelopeJudge.run(
          openssl, ["genpkey", "-algorithm", "ed25519", "-out", folder("\(name).pem")])
        try #require(made.code == 0, "\(made.err)")
        _ = try EnvelopeJudge.run(
          openssl, ["pkey", "-in", folder("\(name).pem"), "-pubout", "-out", folder("\(name).pub")])
      }
      own = try KeyText.signingKey(TestFiles.read(folder("own.pem")), name: "own.pem")
      other = try KeyText.signingKey(TestFiles.read(folder("other.pem")), name: "other.pem")
    }
  }

  static func statement() throws -> ProvenanceStatement {
    let entry = try Sample.entry()
    return ProvenanceStatement(
      subject: entry.source, digest: entry.model.digest, workshop: "churn", step: "train.model",
      output: "model", settings: ["Churn.rows": "600"], platform: "linux-x86_64",
      dependencies: [
        Dependency(uri: "urn:atelier:code:x", name: "train.model", digest: try Digest.of("code")),
        Dependency(uri: "urn:sha256:y", name: "table", digest: try Digest.of("data")),
      ], figures: try entry.figureDigests(), builder: "urn:atelier:builder:local",
      builderVersion: "1",
      invocation: entry.key.digest, startedOn: Sample.moment,
      finishedOn: Timestamp(milliseconds: Sample.moment.milliseconds + 1500))
  }

  private static func policy(_ keys: Keys) throws -> AttestationPolicy {
    let entry = try Sample.entry()
    var policy = AttestationPolicy(
      keys: [keys.own.verifyingKey],
      now: Timestamp(milliseconds: Sample.moment.milliseconds + 60_000))
    policy.model = entry.model.digest
    policy.workshop = "churn"
    policy.builder = "urn:atelier:builder:local"
    policy.invocation = entry.key.digest
    policy.materials = [try Digest.of("code"), try Digest.of("data")]
    policy.maxAge = 86_400_000
    return policy
  }

  /// What a gate compares is what was attested: a number that was changed, added or left out is refused.
  @Test(arguments: ["changed", "left out", "added", "none attested"])
  func figuresOtherThanThoseThatWereAttestedAreRefused(_ how: String) throws {
    let keys = try Keys()
    var statement = try Self.statement()
    var policy = try Self.policy(keys)
    let name = "validate.error.measured"
    policy.figures = try Sample.entry().figureDigests()
    #expect(policy.figures?[name] != nil)
    func check() throws {
      _ = try policy.check(Self.signed(statement.json.canonicalBytes(), by: [keys.own]))
    }
    try check()
    switch how {
    case "changed": policy.figures = try Sample.entry(auc: 0.99).figureDigests()
    case "left out": policy.figures = [:]
    case "added": policy.figures?["validate.other.measured"] = try Digest.of("x")
    default: statement.figures = [:]
    }
    let refusal = #expect(throws: Refusal.self) { try check() }
    #expect(refusal?.kind == .figures && refusal?.description.contains("validate.") == true)
    // Without a gate no figures count.
    policy.figures = nil
    try check()
  }

  private static func signed(
    _ payload: [UInt8], by keys: [SigningKey], type: String = ProvenanceStatement.payloadType
  ) throws -> Envelope {
    let message = Envelope.signedBytes(type: type, payload: payload)
    return Envelope(
      payloadType: type, payload: payload,
      signatures: try keys.map {
        .init(keyID: try $0.verifyingKey.id, bytes: try $0.sign(message))
      })
  }

  /// The signed bytes as the specification of DSSE shows them.
  @Test func theSignedBytesAreThoseOfTheSpecification() {
    let bytes = Envelope.signedBytes(
      type: "http://example.com/HelloWorld", payload: Array("hello world".utf8))
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == "DSSEv1 29 http://example.com/HelloWorld 11 hello world")
  }

  @Test func opensslAcceptsOurSignaturesAndWeItsKeys() throws {
    let keys = try Keys()
    let payload = try Self.statement().json.canonicalBytes()
    let envelope = try Self.signed(payload, by: [keys.own])
    let message = Envelope.signedBytes(type: envelope.payloadType, payload: payload)
    try TestFiles.write(message, to: keys.folder("message"))
    try TestFiles.write(envelope.signatures[0].bytes, to: keys.folder("signature"))
    let openssl = TestTools.path(of: "openssl") ?? "/usr/bin/openssl"
    for (name, code) in [("own", Int32(0)), ("other", 1)] {
      let checked = try EnvelopeJudge.run(
        openssl,
        [
          "pkeyutl", "-verify", "-pubin", "-inkey", keys.folder("\(name).pub"), "-rawin", "-in",
          keys.folder("message"), "-sigfile", keys.folder("signature"),
        ])
      #expect(checked.code == code, "\(name): \(checked.err)")
      let public_ = try KeyText.verifyingKey(TestFiles.read(keys.folder("\(name).pub")), name: name)
      #expect(try public_.accepts(envelope.signatures[0].bytes, of: message) == (code == 0))
    }
    #expect(
      try KeyText.verifyingKey(TestFiles.read(keys.folder("own.pub")), name: "own")
        == keys.own.verifyingKey)
  }

  @Test(.enabled(if: EnvelopeJudge.python != nil, Comment(rawValue: EnvelopeJudge.advice)))
  func theLibraryOfInTotoAndWeAcceptEachOther() throws {
    let keys = try Keys()
    let payload = try Self.statement().json.canonicalBytes()
    let ours = try Self.signed(payload, by: [keys.own])
    let file = try keys.folder.write(ours.text(), to: "ours.json")
    #expect(try EnvelopeJudge.says("verify", keys.folder("own.pub"), file) == payload)
    #expect(try EnvelopeJudge.says("verify", keys.folder("other.pub"), file) == nil)
    try TestFiles.write(payload, to: keys.folder("payload"))
    let theirs = try #require(
      try EnvelopeJudge.says(
        "sign", keys.folder("own.pem"), ProvenanceStatement.payloadType, keys.folder("payload")))
    let (_, statement) = try Self.policy(keys).check(Envelope(parsing: theirs))
    #expect(try statement.canonicalBytes() == payload)
  }

  /// A change of the statement, and the reason that it is refused for; all are signed by the trusted key.
  private static let statements:
    [(name: String, kind: Refusal.Kind, change: @Sendable (JSONValue) -> JSONValue)] = [
      ("another type of statement", .statement, { $0.with("_type", "https://x/Statement/v0.1") }),
      (
        "another predicate", .predicate,
        { $0.with("predicateType", "https://slsa.dev/provenance/v0.2") }
      ),
      ("no subject", .subject, { $0.with("subject", []) }),
      (
        "two subjects", .subject,
        { $0.with("subject", .array(($0["subject"]?.array ?? []) + ($0["subject"]?.array ?? []))) }
      ),
      ("another subject", .subject, { $0.subject(["sha256": .string(Self.other)]) }),
      (
        "two digests of the subject", .subject,
        { $0.subject(["sha256": .string(Self.own), "sha512": "00"]) }
      ),
      (
        "a weaker digest", .subject,
        { $0.subject(["sha1": "da39a3ee5e6b4b0d3255bfef95601890afd80709"]) }
      ),
      ("a text that is not a digest", .subject, { $0.subject(["sha256": "abc"]) }),
      ("another kind of build", .predicate, { $0.build("buildType", "urn:other") }),
      (
        "another workshop", .workshop,
        { $0.build("externalParameters", ["workshop": "retail"]) }
      ),
      ("no materials", .materials, { $0.build("resolvedDependencies", []) }),
      ("another builder", .builder, { $0.run("builder", ["id": "urn:else"]) }),
      (
        "another action", .materials,
        {
          $0.run(
            "metadata", ["invocationId": "urn:sha256:00", "finishedOn": "2026-09-21T00:00:00.000Z"])
        }
      ),
      ("no time", .time, { $0.metadata("finishedOn", .null) }),
      ("a time to come", .time, { $0.metadata("finishedOn", "2036-01-01T00:00:00.000Z") }),
      ("an old build", .time, { $0.metadata("finishedOn", "2020-01-01T00:00:00.000Z") }),
    ]

  private static let own = (try? Sample.entry().model.digest.hex) ?? ""
  private static let other = String(repeating: "ab", count: 32)

  @Test func aStatementThatDoesNotFitIsRefused() throws {
    let keys = try Keys()
    let policy = try Self.policy(keys)
    let sound = try Self.statement().json
    _ = try policy.check(Self.signed(sound.canonicalBytes(), by: [keys.own]))
    for (name, kind, change) in Self.statements {
      let changed = change(sound)
      #expect(changed != sound, "\(name)")
      let envelope = try Self.signed(changed.canonicalBytes(), by: [keys.own])
      let refusal = #expect(throws: Refusal.self, "\(name)") { _ = try policy.check(envelope) }
      #expect(refusal?.kind == kind, "\(name): \(String(describing: refusal))")
    }
    // Signed, but not one JSON object with each member once.
    let text = try sound.canonicalText()
    for payload in [
      text + "{}", text.replacing("\"_type\":", with: "\"_type\":\"x\",\"_type\":"), "",
    ] {
      let envelope = try Self.signed(Array(payload.utf8), by: [keys.own])
      let refusal = #expect(throws: Refusal.self) { _ = try policy.check(envelope) }
      #expect(refusal?.kind == .statement)
    }
  }

  @Test func anEnvelopeThatIsForgedIsRefused() throws {
    let keys = try Keys()
    let policy = try Self.policy(keys)
    let payload = try Self.statement().json.canonicalBytes()
    let sound = try Self.signed(payload, by: [keys.own])
    let text = try sound.text()
    let foreign = try Self.signed(payload, by: [keys.other])
    let json = try JSONValue(parsing: text)
    func envelope(_ change: (inout [String: JSONValue]) -> Void) throws -> String {
      var members = json.object ?? [:]
      change(&members)
      return try JSONValue.object(members).canonicalText()
    }
    let signature = try #require(json["signatures"]?.array?.first?["sig"]?.string)
    let encoded = try #require(json["payload"]?.string)
    var flipped = sound.signatures[0].bytes
    flipped[0] ^= 1
    let table: [(String, Refusal.Kind, String)] = [
      ("nothing", .form, ""), ("no JSON", .form, "signed"), ("bytes behind it", .form, text + "x"),
      ("a second object behind it", .form, text + "{}"),
      (
        "a member twice", .form,
        text.replacing("\"payloadType\":", with: "\"payloadType\":\"a\",\"payloadType\":")
      ),
      (
        "another type, signed as ours", .payloadType,
        try envelope { $0["payloadType"] = "text/plain" }
      ),
      (
        "another type, signed as such", .payloadType,
        try Self.signed(payload, by: [keys.own], type: "application/json").text()
      ),
      ("no type", .form, try envelope { $0["payloadType"] = nil }),
      ("no payload", .form, try envelope { $0["payload"] = nil }),
      (
        "a changed payload", .signature,
        try envelope {
          let changed = String(decoding: payload, as: UTF8.self).replacing("600", with: "601")
          $0["payload"] = .string(Data(changed.utf8).base64EncodedString())
        }
      ),
      ("both alphabets", .form, try envelope { $0["payload"] = .string(encoded + "-_+/") }),
      ("blanks in base64", .form, try envelope { $0["payload"] = .string("  " + encoded) }),
      ("no signatures", .signature, try envelope { $0["signatures"] = [] }),
      ("signatures that are none", .signature, try envelope { $0["signatures"] = "x" }),
      ("another key", .signature, try foreign.text()),
      (
        "another key under the name of ours", .signature,
        try Envelope(
          payloadType: sound.payloadType, payload: payload,
          signatures: [.init(keyID: sound.signatures[0].keyID, bytes: foreign.signatures[0].bytes)]
        ).text()
      ),
      (
        "only foreign signatures, twice", .signature,
        try Envelope(
          payloadType: sound.payloadType, payload: payload,
          signatures: foreign.signatures + foreign.signatures
        ).text()
      ),
      (
        "a changed signature", .signature,
        try Envelope(
          payloadType: sound.payloadType, payload: payload,
          signatures: [.init(keyID: "", bytes: flipped)]
        ).text()
      ),
      (
        "a signature that is too short", .signature,
        try envelope { $0["signatures"] = [["sig": .string(String(signature.prefix(8)))]] }
      ),
      (
        "a thousand signatures", .size,
        try envelope {
          $0["signatures"] = .array((0..<1000).map { _ in ["sig": .string(signature)] })
        }
      ),
      ("a huge envelope", .size, String(repeating: " ", count: Envelope.largest) + text),
    ]
    for (name, kind, text) in table {
      let refusal = #expect(throws: Refusal.self, "\(name)") {
        _ = try policy.check(Envelope(parsing: Array(text.utf8)))
      }
      #expect(refusal?.kind == kind, "\(name): \(String(describing: refusal))")
    }
    // What DSSE allows: hints that say nothing, a trusted signature beside others, both alphabets as wholes.
    let beside = Envelope(
      payloadType: sound.payloadType, payload: payload,
      signatures: foreign.signatures + [.init(keyID: "", bytes: sound.signatures[0].bytes)])
    _ = try policy.check(Envelope(parsing: Array(beside.text().utf8)))
    let urlSafe = encoded.replacing("+", with: "-").replacing("/", with: "_").replacing(
      "=", with: "")
    let safeSignature = signature.replacing("+", with: "-").replacing("/", with: "_")
    let other = try envelope {
      $0["payload"] = .string(urlSafe)
      $0["signatures"] = [["sig": .string(safeSignature)]]
    }
    _ = try policy.check(Envelope(parsing: Array(other.utf8)))
  }

  @Test func aKeyOfAnotherKindSaysWhatToDo() throws {
    let keys = try Keys()
    let openssl = TestTools.path(of: "openssl") ?? "/usr/bin/openssl"
    func make(_ words: String...) throws -> [UInt8] {
      let path = keys.folder("made.pem")
      let made = try EnvelopeJudge.run(openssl, words + ["-out", path])
      try #require(made.code == 0, "\(made.err)")
      return try TestFiles.read(path)
    }
    let private_ = try TestFiles.read(keys.folder("own.pem"))
    let public_ = try TestFiles.read(keys.folder("own.pub"))
    let table: [([UInt8], String)] = [
      (try make("genpkey", "-algorithm", "ed448"), "another kind"),
      (
        try make("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
        "another kind"
      ),
      (
        try make(
          "genpkey", "-algorithm", "ed25519", "-aes256", "-pass", "pass:secret"), "is encrypted"
      ),
      (public_, "to sign give the private one"), ([], "not a PEM file"),
      (Array("-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----\n".utf8), "damaged"),
      (private_ + private_, "damaged"), ([UInt8](repeating: 0xFF, count: 100), "not a PEM file"),
    ]
    for (bytes, words) in table {
      let problem = #expect(throws: KeyProblem.self) {
        _ = try KeyText.signingKey(bytes, name: "key.pem")
      }
      let text = problem.map { "\($0)" } ?? ""
      #expect(text.contains(words) && text.contains("key.pem"), "\(text)")
    }
    #expect(throws: KeyProblem.self) { _ = try KeyText.verifyingKey(private_, name: "key.pem") }
  }
}

extension JSONValue {
  fileprivate func with(_ name: String, _ value: JSONValue) -> JSONValue {
    var members = object ?? [:]
    members[name] = value
    return .object(members)
  }

  fileprivate func subject(_ digest: JSONValue) -> JSONValue {
    with("subject", [["name": "x", "digest": digest]])
  }

  private func predicate(_ part: String, _ name: String, _ value: JSONValue) -> JSONValue {
    let predicate = self["predicate"] ?? .null
    return with(
      "predicate", predicate.with(part, (predicate[part] ?? .null).with(name, value)))
  }

  fileprivate func build(_ name: String, _ value: JSONValue) -> JSONValue {
    predicate("buildDefinition", name, value)
  }

  fileprivate func run(_ name: String, _ value: JSONValue) -> JSONValue {
    predicate("runDetails", name, value)
  }

  fileprivate func metadata(_ name: String, _ value: JSONValue) -> JSONValue {
    run("metadata", (self["predicate"]?["runDetails"]?["metadata"] ?? .null).with(name, value))
  }
}
