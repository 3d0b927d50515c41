// `atelier verify`: are the results reproducible on this machine?
import Content
import Engine

enum VerifyVerb {
  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let session = try Session(arguments, targets: arguments.positionals, house)
    let graph = try session.graph()
    let selection = try session.selection(graph)
    let environment = try session.environment(graph, selection, readOnly: false)
    // Keeps the stat memo and takes scratch away; the next run sweeps what this one cannot.
    defer { try? environment.store.close() }
    let signals = try Signals()
    let reader = ArtifactReader(
      environment: environment,
      locator: ProgramLocator(
        projectRoot: session.projectRoot, environment: session.environmentVariables))
    var counts: [String: Int] = [:]
    let verifier = Verifier(graph, environment: environment, token: signals.token)
    try verifier.verify(selection, jobs: try session.jobs(arguments)) { name, verdict in
      counts[verdict.word, default: 0] += 1
      let places = try verdict.places(environment, reader)
      if arguments.has("json") {
        Console.data(try json(name, verdict, places))
      } else {
        show(name, verdict, places, verbose: arguments.has("verbose"))
      }
    }
    if signals.token.isCancelled {
      return signals.received == 15 ? ExitCode.terminated : ExitCode.interrupted
    }
    let words = ["same", "differs", "failed", "unknown"]
    if arguments.has("json") {
      let totals = words.map { ($0, JSONValue.integer(Int64(counts[$0] ?? 0))) }
      let head: [String: JSONValue] = ["v": 1, "event": "verified"]
      let fields = head.merging(totals) { $1 }
      Console.data(try JSONValue.object(fields).canonicalText() + "\n")
    } else {
      Console.talk(
        "verified: " + words.map { "\(counts[$0] ?? 0) \($0)" }.joined(separator: ", "))
    }
    if counts["differs"] != nil { return ExitCode.notReproducible }
    if counts["failed"] != nil { return ExitCode.stepFailed }
    return counts["unknown"] != nil ? ExitCode.outOfDate : ExitCode.fine
  }

  private static func show(
    _ name: String, _ verdict: Verdict, _ places: [String], verbose: Bool
  ) {
    switch verdict {
    case .same: if verbose { Console.talk("\(name): same") }
    case .unknown: Console.talk("\(name): no current result to compare with; run it first")
    case .failed(let message): Console.talk("\(name): failed: \(message)")
    case .differs(let outputs):
      for (output, place) in zip(outputs, places) {
        Console.talk("\(name).\(output.output): NOT REPRODUCIBLE, first difference at \(place)")
        Console.talk("    kept  \(output.expected.digest)")
        Console.talk("    found \(output.found.digest)")
      }
    }
  }

  private static func json(_ name: String, _ verdict: Verdict, _ places: [String]) throws -> String
  {
    var fields: [String: JSONValue] = [
      "v": 1, "event": "verify", "step": .string(name), "status": .string(verdict.word),
    ]
    if case .failed(let message) = verdict { fields["message"] = .string(message) }
    if case .differs(let outputs) = verdict {
      fields["outputs"] = .array(
        zip(outputs, places).map { output, place in
          [
            "output": .string(output.output),
            "expected": .string(output.expected.digest.description),
            "found": .string(output.found.digest.description), "first": .string(place),
          ]
        })
    }
    return try JSONValue.object(fields).canonicalText() + "\n"
  }
}

extension Verdict {
  var word: String {
    switch self {
    case .same: "same"
    case .differs: "differs"
    case .failed: "failed"
    case .unknown: "unknown"
    }
  }

  /// Where each differing output differs first.
  func places(_ environment: EngineEnvironment, _ reader: ArtifactReader) throws -> [String] {
    guard case .differs(let outputs) = self else { return [] }
    let difference = ArtifactDifference(environment: environment, reader: reader)
    return try outputs.map { try difference.first($0.expected, $0.found) }
  }
}
