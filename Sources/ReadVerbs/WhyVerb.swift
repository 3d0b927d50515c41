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
    For one step: its code, parameters and inputs, and the same of all that it was made of, numbered steps
    as one line. For a stage or a workshop: a line for each of its steps. --verbose and --json show all.
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
      let ancestors = try status.planner.ancestry(of: target, in: status.graph)
      if call[json] {
        for ancestor in ancestors { try context.output.data(Self.json(ancestor)) }
        continue
      }
      for group in call.isVerbose ? ancestors.map({ [$0] }) : Self.folded(ancestors) {
        guard let first = group.first else { continue }
        try context.output.data(
          group.count > 1
            ? Self.text(group)
            : Self.text(first, isFull: first.depth == 0, isVerbose: call.isVerbose))
      }
      let kinds = Dictionary(grouping: ancestors.dropFirst(), by: \.kind).sorted { $0.key < $1.key }
      let counts = kinds.map { Text.count($1.count, $0) }
      if !counts.isEmpty { try context.output.data("made of \(counts.joined(separator: ", "))\n") }
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

  /// So many numbered steps are one line.
  private static let many = 3

  /// The numbered steps of one name together; the step that was asked for stays alone.
  private static func folded(_ ancestors: [Ancestor]) -> [[Ancestor]] {
    let groups = Text.grouped(ancestors) { ancestor in
      let base = Text.withoutNumber(ancestor.name)
      return base == ancestor.name || ancestor.depth == 0 ? nil : base
    }
    return groups.flatMap { $0.count < many ? $0.map { [$0] } : [$0] }
  }

  /// Numbered steps as one line: their step, and when they were made.
  private static func text(_ group: [Ancestor]) -> String {
    guard let first = group.first else { return "" }
    let indent = String(repeating: "  ", count: min(first.depth, 8))
    var text =
      indent + "\(Text.withoutNumber(first.name)).* (\(group.count), each with --verbose)"
    if let document = first.document { text += "  \(document.family).\(document.step)" }
    let times = group.compactMap { $0.result?.startedAt.iso8601 }.sorted()
    if let earliest = times.first, let latest = times.last {
      text += "  built \(earliest)" + (earliest == latest ? "" : " to \(latest)")
    } else {
      text += "  \(first.kind)"
    }
    return text + "\n"
  }

  /// So long a list of parameters of a step on the way is shown.
  private static let longest = 120

  private static func text(_ ancestor: Ancestor, isFull: Bool, isVerbose: Bool) -> String {
    let indent = String(repeating: "  ", count: min(ancestor.depth, 8))
    var lines = [indent + ancestor.name + detail(ancestor)]
    if let document = ancestor.document {
      let all = (try? document.parameters.canonicalText()) ?? ""
      let isCut = !isFull && !isVerbose && all.count > longest
      let parameters = isCut ? all.prefix(longest - 3) + "..." : all
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
    let inputs = inputs(of: document)
    let programs = document.programs.sorted { $0.key < $1.key }.map { name, program in
      "program \(name) sha256:\(program.digest.short)"
        + (program.loads.isEmpty ? "" : " with \(program.loads.count) files that it loads")
    }
    let packages = document.packages.sorted { $0.key < $1.key }.map { name, version in
      "package \(name) \(version)"
    }
    return inputs + programs + packages
  }

  /// A line an input; numbered ones of several are one.
  private static func inputs(of document: KeyDocument) -> [String] {
    let groups = Dictionary(grouping: document.inputs.keys, by: Text.withoutNumber)
    return groups.sorted { $0.key < $1.key }.flatMap { base, names -> [String] in
      if names.count >= many { return ["input \(base).* (\(names.count))"] }
      return names.sorted().compactMap { name in
        document.inputs[name].map { "input \(name) sha256:\($0.digest.short) as \($0.fileName)" }
      }
    }
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
