// `atelier verify`: are the results reproducible on this machine?
import CommandLine
import Content
import Execution
import Inspection
import Project
import Scheduling
import Terminal

package struct VerifyVerb: Verb {
  package let name = "verify"
  package let summary = "run steps again in a clean directory and compare the bytes"
  package let details = "Exits 4 when an artifact differs, and names the first difference."
  package let examples = [
    Example("atelier verify week2", "are the features reproducible here?")
  ]
  let targets = Shared.targets
  let jobs = Shared.jobs
  let json = Shared.json

  package var parameters: [any Parameter] { [targets, jobs, json] }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let session = try Session(call, targets: call[targets], context)
    let graph = try session.graph()
    let selection = try session.selection(graph)
    let environment = try session.environment(graph, selection, readOnly: false)
    // Keeps the stat memo and takes scratch away; the next run sweeps what this one cannot.
    defer { try? environment.store.close() }
    return try Signals.guarding { signals in
      let reader = ArtifactReader(environment: environment, locator: session.locator)
      let output = context.output
      var counts: [String: Int] = [:]
      let verifier = Verifier(graph, environment: environment, token: signals.token)
      try verifier.verify(selection, jobs: try session.jobs(call)) { name, verdict in
        counts[verdict.word, default: 0] += 1
        let places = try verdict.places(environment, reader)
        if call[json] {
          try output.data(Self.json(name, verdict, places))
        } else {
          Self.show(name, verdict, places, output, verbose: call.isVerbose)
        }
      }
      if signals.token.isCancelled { return signals.code }
      let words = ["same", "differs", "failed", "unknown"]
      if call[json] {
        let totals = words.map { ($0, JSONValue.integer(Int64(counts[$0] ?? 0))) }
        let head: [String: JSONValue] = ["v": 1, "event": "verified"]
        try output.data(JSONValue.object(head.merging(totals) { $1 }).canonicalText() + "\n")
      } else {
        output.message(
          "verified: " + words.map { "\(counts[$0] ?? 0) \($0)" }.joined(separator: ", "))
      }
      if counts["differs"] != nil { return ExitCode.notReproducible }
      if counts["failed"] != nil { return ExitCode.stepFailed }
      return counts["unknown"] != nil ? ExitCode.outOfDate : ExitCode.success
    }
  }

  private static func show(
    _ name: String, _ verdict: Verdict, _ places: [String], _ output: Console, verbose: Bool
  ) {
    switch verdict {
    case .same: if verbose { output.message("\(name): same") }
    case .unknown: output.error("\(name): no current result to compare with; run it first")
    case .failed(let message): output.error("\(name): failed: \(message)")
    case .differs(let outputs):
      for (one, place) in zip(outputs, places) {
        output.error("\(name).\(one.output): NOT REPRODUCIBLE, first difference at \(place)")
        output.error("    kept  \(one.expected.digest)")
        output.error("    found \(one.found.digest)")
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
