// The NDJSON of run, status, explain and graph as values that tests compare whole.
import Content

/// What a run said.
package struct RunReport: Sendable {
  /// Steps by name: status and output digests.
  package private(set) var steps: [String: StepLine] = [:]
  /// Deliveries by name: `delivered` or `unchanged`.
  package private(set) var deliveries: [String: String] = [:]
  /// Deliveries, sources and branches by name.
  package private(set) var others: [String: StepLine] = [:]
  /// The last line.
  package private(set) var summary: JSONValue = .null

  package init(_ lines: [JSONValue]) {
    for line in lines {
      let name = line["step"]?.string ?? ""
      switch line["event"]?.string {
      case "step": steps[name] = StepLine(line)
      case "delivery":
        deliveries[name] = line["status"]?.string
        others[name] = StepLine(line)
      case "source", "branch": others[name] = StepLine(line)
      case "run": summary = line
      default: break
      }
    }
  }

  /// The steps that were executed.
  package var built: Set<String> { Set(steps.filter { $0.value.status == "built" }.keys) }

  /// The digest of an output of any node, written `node.output`.
  package func digest(_ reference: String) -> String? {
    guard let dot = reference.lastIndex(of: ".") else { return nil }
    let node = String(reference[..<dot])
    return (steps[node] ?? others[node])?.outputs[String(reference[dot...].dropFirst())]
  }

  /// Every output of every step, as `step.output: digest`.
  package var digests: [String: String] {
    var all: [String: String] = [:]
    for (name, step) in steps {
      for (output, digest) in step.outputs { all["\(name).\(output)"] = digest }
    }
    return all
  }
}

/// A step's line of a run, of status or of explain.
package struct StepLine: Sendable {
  package let status: String
  package let cause: String?
  /// `field: old -> new`, in canonical JSON.
  package let reasons: [String]
  package let outputs: [String: String]

  package init(_ line: JSONValue) {
    status = line["status"]?.string ?? ""
    cause = line["cause"]?.string
    reasons = (line["reasons"]?.array ?? []).map { reason in
      func text(_ side: String) -> String {
        reason[side].flatMap { try? $0.canonicalText() } ?? "none"
      }
      return "\(reason["field"]?.string ?? "?"): \(text("old")) -> \(text("new"))"
    }
    outputs = (line["outputs"]?.object ?? [:]).compactMapValues { $0["digest"]?.string }
  }

  /// The names of the fields that changed.
  package var fields: [String] { reasons.map { String($0.prefix { $0 != ":" }) } }
}

extension Space {
  package static let stages = ["week1", "week2", "week3", "week4", "week5"]

  /// What `explain` says of every step.
  package func explain(_ more: [String: String] = [:]) throws -> [String: StepLine] {
    // Steps alone: a delivery that is due has a place.
    let lines = try atelier(["explain"] + Self.stages + ["--json"], more).lines()
      .filter { $0["place"] == nil }
    return Dictionary(
      lines.map { ($0["step"]?.string ?? "", StepLine($0)) }, uniquingKeysWith: { $1 })
  }

  /// The nodes of the graph as `graph --format json` gives them; of all stages without a target.
  package func graph(_ more: [String: String] = [:], of targets: [String] = ["week5"]) throws
    -> [Wired]
  {
    let words = ["graph"] + targets + ["--format", "json"]
    let json = try JSONValue(parsing: atelier(words, more).out)
    return (json["nodes"]?.array ?? []).map(Wired.init)
  }

  /// All steps that consume a result of these, directly or through others.
  package func consumers(of names: Set<String>, _ more: [String: String] = [:]) throws -> Set<
    String
  > {
    var reached = names
    let nodes = try graph(more)
    for node in nodes where !node.producers(among: reached).isEmpty { reached.insert(node.name) }
    return Set(nodes.filter { $0.kind == "step" && reached.contains($0.name) }.map(\.name))
      .subtracting(names)
  }
}

/// A node of the graph, by names.
package struct Wired {
  package let name: String
  package let kind: String
  package let step: String
  package let inputs: [String]

  package init(_ json: JSONValue) {
    name = json["name"]?.string ?? ""
    kind = json["kind"]?.string ?? ""
    step = json["step"]?.string ?? ""
    inputs = (json["inputs"]?.object ?? [:]).values.compactMap(\.string)
  }

  /// The nodes among these whose outputs this one reads.
  package func producers(among names: Set<String>) -> [String] {
    inputs.compactMap { input in
      input.lastIndex(of: ".").map { String(input[..<$0]) }
    }.filter(names.contains)
  }
}
