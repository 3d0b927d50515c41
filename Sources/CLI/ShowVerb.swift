// `atelier show`: prints an output of a step, or the bytes of a digest.
import Atelier
import Content
import Engine

enum ShowVerb {
  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let format = arguments.value("format") ?? "table"
    let limit = try arguments.integer("limit", in: 1...1_000_000_000) ?? 40
    let name = arguments.positionals[0]
    if let digest = Digest(name) { return try show(digest, arguments, house, format, limit) }
    let (session, graph, nodes, output) = try find(arguments, name, house)
    let environment = try session.environment(
      graph, try Selection(nodes.map { graph.nodes[$0].name }, in: graph), readOnly: true)
    let walk = try StatusWalk(graph, environment: environment)
    _ = walk.walk(try Selection(nodes.map { graph.nodes[$0].name }, in: graph))
    let reader = ArtifactReader(
      environment: environment,
      locator: ProgramLocator(
        projectRoot: session.projectRoot, environment: session.environmentVariables))
    var places: [Place] = []
    for index in nodes {
      let node = graph.nodes[index]
      guard let artifact = walk.artifact(index, output.name) else {
        throw UsageError(
          "\(node.name) has no current result (\(walk.standings[index]?.word ?? "unknown")); "
            + "run `atelier run \(node.name)` first")
      }
      places.append(
        Place(
          path: try environment.place(of: artifact), mediaType: artifact.record.mediaType,
          isTree: artifact.record.kind == .tree, record: artifact.record))
    }
    let pager = Pager(isOff: arguments.has("no-pager"), session.environmentVariables)
    try show(places, environment, reader, pager, format, limit)
    return ExitCode.fine
  }

  struct Place {
    let path: String?
    let mediaType: String
    let isTree: Bool
    let record: OutputRecord
  }

  private static func show(
    _ places: [Place], _ environment: EngineEnvironment, _ reader: ArtifactReader,
    _ pager: Pager, _ format: String, _ limit: Int
  ) throws {
    guard let first = places.first else { return }
    if format == "path" {
      for place in places { Console.data((place.path ?? "\(place.record.digest)") + "\n") }
      return
    }
    let folders = TreeFolders(environment)
    defer { folders.remove() }
    let csv =
      first.isTree
      ? try reader.csv(ofTree: first.record, in: folders.folder(of: first.record))
      : try reader.csv(places.compactMap(\.path), mediaType: first.mediaType)
    if let csv {
      let table = Table(csv: csv)
      switch format {
      case "csv": Console.data(csv)
      case "json": Console.data(try json(table))
      default: pager.show(table.text(limit: limit, width: OutputTerminal.width))
      }
      return
    }
    if first.isTree {
      try environment.bring(first.record)
      for entry in try environment.store.trees.manifest(of: first.record).entries {
        Console.data("\(entry.digest)  \(entry.path)\n")
      }
      return
    }
    for place in places {
      guard let path = place.path else { continue }
      if place.mediaType.hasSuffix("json") {
        let value = try JSONValue(parsing: try FileSystem.read(path))
        switch format {
        case "json": Console.data(try value.canonicalText() + "\n")
        default:
          let table = Table(columns: ["pointer", "value"], rows: JSONLines.flatten(value))
          pager.show(table.text(limit: limit, width: OutputTerminal.width))
        }
      } else if format == "table" || format == "csv" || format == "json" {
        Console.talk(
          "\(place.mediaType), \(Text.size(place.record.size)): no table; its bytes are at")
        Console.data(path + "\n")
      }
    }
  }

  /// A column is one of numbers only if all its cells are: an identifier of many digits is text.
  private static func json(_ table: Table) throws -> String {
    let isNumeric = table.columns.indices.map { column in
      table.rows.allSatisfy { row in
        column >= row.count || row[column].isEmpty || number(row[column]) != nil
      }
    }
    let rows = table.rows.map { row -> JSONValue in
      let cells = zip(row, isNumeric).map { cell, isNumeric -> JSONValue in
        if cell.isEmpty { return .null }
        return (isNumeric ? number(cell) : nil) ?? .string(cell)
      }
      return .object(
        Dictionary(zip(table.columns, cells), uniquingKeysWith: { first, _ in first }))
    }
    return try JSONValue.array(rows).canonicalText() + "\n"
  }

  /// The number that a cell holds; nil also for a whole one of more digits than an integer keeps.
  private static func number(_ cell: String) -> JSONValue? {
    switch try? JSONValue(parsing: cell) {
    case .integer(let value): .integer(value)
    case .number(let value) where cell.contains { ".eE".contains($0) }: .number(value)
    default: nil
    }
  }

  private static func show(
    _ digest: Digest, _ arguments: Arguments, _ house: House, _ format: String, _ limit: Int
  ) throws -> Int32 {
    let session = try Session(arguments, targets: [], house)
    let graph = try session.graph()
    let environment = try session.environment(
      graph, try Selection([], in: graph), readOnly: true)
    try? environment.shared?.fetch(digest)
    guard try environment.store.objects.contains(digest) else {
      throw UsageError("the store holds no blob \(digest)")
    }
    let path = environment.store.layout.blob(digest)
    if format == "path" {
      Console.data(path + "\n")
    } else {
      Console.data(try environment.store.objects.bytes(of: digest))
    }
    return ExitCode.fine
  }

  /// A step, or a step and the name of one of its outputs.
  private static func find(
    _ arguments: Arguments, _ name: String, _ house: House
  ) throws -> (Session, Graph, [Int], ArtifactName) {
    let session = try Session(arguments, targets: [name], house)
    let graph = try session.graph()
    let target = session.targets.first ?? name
    let whole = Selection.steps(named: target, in: graph)
    if let first = whole.first {
      return (session, graph, whole, ArtifactName(name: standardOutput(graph.nodes[first])))
    }
    if let dot = target.lastIndex(of: ".") {
      let nodes = Selection.steps(named: String(target[..<dot]), in: graph)
      let output = String(target[target.index(after: dot)...])
      if let first = nodes.first {
        guard graph.nodes[first].outputs.contains(where: { $0.name == output }) else {
          throw UsageError(
            "\(target[..<dot]) has no output '\(output)'; it has "
              + graph.nodes[first].outputs.map(\.name).joined(separator: ", ") + "."
              + Suggestion.text(for: output, among: graph.nodes[first].outputs.map(\.name)))
        }
        return (session, graph, nodes, ArtifactName(name: output))
      }
    }
    throw UsageError(
      "the workshop \(graph.workshop) has no step '\(target)'."
        + Suggestion.text(
          for: target,
          among: Set(graph.nodes.flatMap { [$0.name, Session.withoutNumber($0.name)] }).sorted()))
  }

  /// The output that a step's bare name means: the one that people can read and that is named
  /// like the step, else the first that people can read, else the first.
  private static func standardOutput(_ node: GraphNode) -> String {
    let readable = node.outputs.filter {
      ["text/csv", "application/vnd.apache.parquet"].contains($0.mediaType)
        || $0.mediaType.hasSuffix("json") || $0.isTree
    }
    let own = Session.withoutNumber(node.name).split(separator: ".").last.map(String.init)
    let best = readable.first { $0.name == own } ?? readable.first ?? node.outputs.first
    return best?.name ?? ""
  }

  struct ArtifactName { let name: String }
}

/// A JSON document as lines of pointer and value.
enum JSONLines {
  static func flatten(_ value: JSONValue, at pointer: String = "") -> [[String]] {
    switch value {
    case .object(let members):
      return members.sorted { $0.key < $1.key }.flatMap { flatten($1, at: "\(pointer)/\($0)") }
    case .array(let elements):
      return elements.enumerated().flatMap { flatten($1, at: "\(pointer)/\($0)") }
    case .string(let text): return [[pointer, text]]
    default: return [[pointer, (try? value.canonicalText()) ?? ""]]
    }
  }
}
