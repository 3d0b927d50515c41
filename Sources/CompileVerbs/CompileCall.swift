// What each compile verb begins with: the plan of a call.
import Atelier
import CommandLine
import Content
import Execution
import Planning
import Plans
import Project
import Terminal
import Workers

/// A call of a compile verb: its session and the plan of its targets.
package struct CompileCall {
  package let session: Session
  package let plan: Plan
  /// The training with a built-in algorithm that follows the plan; nil where the plan trains.
  package let training: BuiltInTraining?

  /// Looks at the sources and wires the graph; nothing runs and nothing is written.
  ///
  /// A training with a built-in algorithm takes the place of the targets: the plan is then what writes
  /// its files.
  package init(
    _ call: Call, targets: Argument, _ context: VerbContext, training kind: TrainingKind = .atelier
  ) throws {
    var session = try Session(call, targets: call[targets], context)
    training = try kind == .builtIn ? Self.builtIn(session) : nil
    if kind == .atelier,
      try session.workshop.builtInTraining(session.configuration)?.glue != nil
    {
      session.output.message(
        "note: the Glue job is for --training built-in; the workshop's own steps do its work here")
    }
    if let training { session = session.with(targets: training.files.map(\.node)) }
    self.session = session
    let graph = try session.graph()
    let selection = try session.selection(graph)
    let sources = try Self.sources(graph, selection, session)
    let recorded = session.recordedSettings.object ?? [:]
    do {
      plan = try Plan(
        graph, nodes: selection.nodes,
        settings: recorded.compactMapValues { $0["value"]?.string }, sources: sources,
        projectRoot: session.projectRoot)
    } catch let error as Plan.UnknownSource {
      throw UsageError("\(error)")
    }
  }

  /// The bytes that a plan begins with, also those in arms of branches; no step is looked at.
  private static func sources(
    _ graph: Graph, _ selection: Selection, _ session: Session
  ) throws -> [Int: OutputRecord] {
    let nodes = selection.nodes.filter {
      if case .source = graph.nodes[$0].kind { true } else { false }
    }
    guard !nodes.isEmpty else { return [:] }
    let resolver = Resolver(
      environment: try session.environment(graph, selection, readOnly: true))
    var records: [Int: OutputRecord] = [:]
    for index in nodes {
      let node = graph.nodes[index]
      guard case .source(let path) = node.kind else { continue }
      do {
        records[index] = try resolver.source(path, node).values.first?.record
      } catch {
        throw UsageError("\(node.name): \(ErrorText.of(error))")
      }
    }
    return records
  }

  private static func builtIn(_ session: Session) throws -> BuiltInTraining {
    let name = session.workshop.name
    guard session.targets.isEmpty else {
      throw UsageError(
        "--training built-in is for a whole workshop: atelier compile ... \(name), without "
          + "'\(session.targets.joined(separator: " "))'")
    }
    guard let training = try session.workshop.builtInTraining(session.configuration) else {
      throw UsageError(
        "the workshop \(name) has no training with a built-in algorithm; leave out --training")
    }
    return training
  }
}
