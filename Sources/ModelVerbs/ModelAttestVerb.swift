// `atelier model attest`: a signed statement of what made a model.
import CommandLine
import Content
import ModelSessions
import Models
import Project
import Provenance
import Terminal

struct ModelAttest: Verb {
  /// The program's own, for the statement.
  let version: String
  let name = "attest"
  let summary = "sign a statement of what made a model: in-toto, SLSA provenance"
  let details = """
    The statement has the model's digest, the workshop, step and settings (no secrets), and the digests of
    code, data, programs and figures. It is kept in the registry, where a promotion reads it, and printed, or written
    to --output, as a DSSE envelope. The key stays where it is. The builder vouches for what the registry
    says; a statement about a model that somebody else's store made says no more than that.
    """
  let examples = [
    Example("atelier model attest 6b14cb31 --key ada.pem -o model.att.json", "by a file"),
    Example(
      "atelier model attest 6b14cb31 --key-command vault-sign", "by a program"),
  ]
  let model = ModelCall.model
  let key = KeySource.key
  let command = KeySource.command
  let output = Option(
    "output", short: "o", value: "FILE", completion: .files, "write the envelope to a file")
  let builder = Option(
    "builder", value: "URI", "who vouches for the build (default: urn:atelier:builder:local)")
  static let standardBuilder = "urn:atelier:builder:local"

  var parameters: [any Parameter] { [model, key, command, output, builder] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let source = try KeySource(call, context)
    let builder = call[builder] ?? Self.standardBuilder
    guard builder.contains(":"), builder.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
      throw UsageError(
        "--builder takes a URI, such as https://ci.example.com/team, not '\(builder)'")
    }
    if let file = call[output], let key = call[key],
      FileSystem.resolved(file) ?? file == FileSystem.resolved(key) ?? key
    {
      throw UsageError("--output \(file) is the file of the key; name another one")
    }
    return try ModelCall.run(call, context, changes: true) { opened in
      let (history, entry) = try opened.find(call.word(model))
      let statement = try Self.statement(entry, builder: builder, version: version)
      let envelope = try statement.envelope(source.sign)
      let text = try envelope.text()
      let who = try opened.person()
      // First what may be refused: an envelope that could not be delivered leaves no record.
      if try FileSystem.write(Array(text.utf8), output: call[output] ?? "-", context.output) {
        context.output.message("wrote \(call[output] ?? "")")
      }
      var heads = history.heads
      if history.entry == nil {
        try opened.registry.register(entry, by: who, at: .now())
        heads = try opened.registry.history(of: entry.model.digest).heads
      }
      try opened.registry.add(
        ModelEvent(
          model: entry.model.digest, kind: .attested(envelope: text), who: who, at: .now(),
          after: heads))
      return ExitCode.success
    }
  }

  /// What the registry knows of a model, as a statement.
  static func statement(
    _ entry: ModelEntry, builder: String, version: String
  ) throws -> ProvenanceStatement {
    var dependencies: [Dependency] = []
    for step in entry.steps {
      dependencies.append(
        Dependency(uri: "urn:atelier:code:\(step.kind)", name: step.name, digest: step.code))
      for (name, digest) in step.programs.sorted(by: { $0.key < $1.key }) {
        dependencies.append(
          Dependency(uri: "urn:atelier:program:\(name)", name: name, digest: digest))
      }
    }
    for source in entry.sources {
      dependencies.append(
        Dependency(
          uri: "urn:sha256:\(source.digest.hex)", name: source.name, digest: source.digest))
    }
    var seen: Set<Dependency> = []
    let settings = (entry.settings.object ?? [:]).compactMapValues { $0["value"]?.string }
    return try ProvenanceStatement(
      subject: entry.source, digest: entry.model.digest, workshop: entry.workshop,
      step: entry.step, output: entry.output, settings: settings, platform: entry.platform,
      dependencies: dependencies.filter { seen.insert($0).inserted },
      figures: entry.figureDigests(), builder: builder, builderVersion: version,
      invocation: entry.key.digest, startedOn: entry.madeAt,
      finishedOn: Timestamp(
        milliseconds: entry.madeAt.milliseconds.addingSaturated(
          Int64(min(entry.seconds, 1e12) * 1000))))
  }
}

struct ModelVerify: Verb {
  let name = "verify-attestation"
  let summary = "check an attestation: signature, model, workshop, builder, age"
  let details = """
    Prints what the attestation says once all of it holds; else it exits 1 with the first reason against it.
    One signature by one of the keys is enough, as DSSE has it.
    """
  let examples = [
    Example(
      "atelier model verify-attestation model.att.json --key ada.pub",
      "is it about this model?")
  ]
  let file = Argument("file", completion: .files)
  let key = Option(
    "key", value: "FILE", repeats: true, completion: .files, "public key that is trusted, in PEM")
  let digest = Option("digest", value: "DIGEST", "the model that it must be about")
  let builder = Option("builder", value: "URI", "the builder that it must name")
  let maxDays = Option("max-days", in: 1...36_500, "days since the build that are accepted")
  let json = Shared.json

  var parameters: [any Parameter] { [file, key, digest, builder, maxDays, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let path = try call.word(file)
    let paths = call.all(key)
    guard !paths.isEmpty else { throw UsageError("name a trusted public key: --key FILE") }
    var policy = AttestationPolicy(
      keys: try KeySource.trusted(paths, option: "--key", root: FileSystem.absolute(".")),
      now: .now())
    policy.workshop = call.workshop
    policy.builder = call[builder]
    policy.maxAge = call[maxDays].map { Int64($0) * 86_400_000 }
    if let text = call[digest] {
      guard let model = Digest(text) else {
        throw UsageError(
          "--digest takes all of a model's digest, sha256: and 64 digits, not '\(text)'")
      }
      policy.model = model
    }
    guard FileSystem.isFile(path), let size = FileSystem.size(path), size <= Envelope.largest else {
      throw UsageError(
        FileSystem.isFile(path)
          ? "\(path) is larger than any attestation, \(Envelope.largest) bytes"
          : "there is no file \(path)")
    }
    do {
      let (_, statement) = try policy.check(Envelope(parsing: FileSystem.read(path)))
      try context.output.data(
        call[json] ? statement.canonicalText() + "\n" : Self.words(statement))
      return ExitCode.success
    } catch {
      guard let refusal = error as? Refusal else { throw error }
      context.output.error("atelier: \(path) is refused: \(refusal)")
      return ExitCode.stepFailed
    }
  }

  /// What a statement says, in a few lines.
  private static func words(_ statement: JSONValue) -> String {
    let build = statement["predicate"]?["buildDefinition"]
    let run = statement["predicate"]?["runDetails"]
    let subject = statement["subject"]?.array?.first
    let digest = subject?["digest"]?["sha256"]?.string ?? ""
    let builder = run?["builder"]?["id"]?.string ?? ""
    let end = run?["metadata"]?["finishedOn"]?.string ?? ""
    let count = build?["resolvedDependencies"]?.array?.count ?? 0
    return "valid: sha256:\(digest) (\(subject?["name"]?.string ?? ""))\n"
      + "built by \(builder) until \(end), of \(Text.count(count, "material"))\n"
  }
}
