// `atelier why`: from a result back to its sources.
import CommandLine
import Content
import Planning
import Project
import Terminal

package struct WhyVerb: Verb {
  package let name = "why"
  package let summary = "where a result comes from: code, parameters, inputs, who and when"
  package let details = """
    For one step: its code, parameters and inputs, and the same of all that it was made of. For a stage or
    a workshop: a line for each of its steps, unless --verbose or --json asks for all.
    """
  package let examples = [
    Example("atelier why week4.model", "from the model back to its sources"),
    Example("atelier why week4", "a line for each step of the stage"),
  ]
  let step = Argument("[workshop/]stage-or-step", completion: .named("targets"))
  let json = Shared.json

  package var parameters: [any Parameter] { [step, json] }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let session = try Session(call, targets: call[step], context)
    let status = try GraphStatus(session)
    if status.isOfSeveralSteps, !call[json], !call.isVerbose {
      return try headlines(status, context)
    }
    for target in status.selection.targets {
      for ancestor in try status.planner.ancestry(of: target, in: status.graph) {
        try context.output.data(
          call[json] ? Self.json(ancestor) : Self.text(ancestor, isFull: ancestor.depth == 0))
      }
    }
    return ExitCode.success
  }

  /// A line for each step.
  private func headlines(_ status: GraphStatus, _ context: VerbContext) throws -> Int32 {
    let targets = status.selection.targets
    for target in targets {
      guard
        let own = try status.planner.ancestry(of: target, in: status.graph)
          .first(where: { $0.depth == 0 })
      else { continue }
      let made = own.document.map { "  \($0.family).\($0.step)" } ?? ""
      try context.output.data(own.name + Self.detail(own) + made + "\n")
    }
    let one = targets.last.map { status.graph.nodes[$0].name } ?? ""
    context.output.message(
      "\(targets.count) steps; where one comes from: `atelier why \(status.session.path(of: one))` "
        + "(of all of them: --verbose)")
    return ExitCode.success
  }

  private static func text(_ ancestor: Ancestor, isFull: Bool) -> String {
    let indent = String(repeating: "  ", count: min(ancestor.depth, 8))
    var lines = [indent + ancestor.name + detail(ancestor)]
    if let document = ancestor.document {
      let parameters = (try? document.parameters.canonicalText()) ?? ""
      let code = (try? Digest.of(Array(document.code.text.utf8)))?.short ?? ""
      lines.append(indent + "    \(document.family).\(document.step)  code \(code)  \(parameters)")
      if isFull { lines += details(of: document).map { indent + "    " + $0 } }
    }
    for (name, digest) in ancestor.outputs.sorted(by: { $0.key < $1.key }) where isFull {
      lines.append(indent + "    output \(name) \(digest)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Inputs, programs with what they load, and packages.
  private static func details(of document: KeyDocument) -> [String] {
    let inputs = document.inputs.sorted { $0.key < $1.key }.map { name, input in
      "input \(name) sha256:\(input.digest.short) as \(input.fileName)"
    }
    let programs = document.programs.sorted { $0.key < $1.key }.map { name, program in
      "program \(name) sha256:\(program.digest.short)"
        + (program.loads.isEmpty ? "" : " with \(program.loads.count) files that it loads")
    }
    let packages = document.packages.sorted { $0.key < $1.key }.map { name, version in
      "package \(name) \(version)"
    }
    return inputs + programs + packages
  }

  private static func detail(_ ancestor: Ancestor) -> String {
    if let result = ancestor.result {
      return "  built \(result.startedAt.iso8601) by \(result.host)"
        + " in \(Text.seconds(result.seconds))"
    }
    let digest = ancestor.outputs.values.first.map { " sha256:\($0.short)" } ?? ""
    return "  \(ancestor.kind) \(ancestor.place ?? "")\(digest)"
  }

  private static func json(_ ancestor: Ancestor) throws -> String {
    var fields: [String: JSONValue] = [
      "v": 1, "event": "why", "step": .string(ancestor.name), "kind": .string(ancestor.kind),
      "depth": .integer(Int64(ancestor.depth)),
      "outputs": .object(ancestor.outputs.mapValues { .string($0.description) }),
    ]
    if let key = ancestor.key { fields["key"] = .string(key.description) }
    if let document = ancestor.document { fields["document"] = document.json }
    if let place = ancestor.place { fields["place"] = .string(place) }
    if let result = ancestor.result {
      fields["startedAt"] = .string(result.startedAt.iso8601)
      fields["host"] = .string(result.host)
      fields["seconds"] = .number(result.seconds)
    }
    return try JSONValue.object(fields).canonicalText() + "\n"
  }
}
