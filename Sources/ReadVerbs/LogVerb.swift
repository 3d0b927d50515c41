// `atelier log`: what a step printed when it ran last, also while it runs, here or on a cluster.
import CSystem
import CommandLine
import Content
import Project
import StoreFolder
import Terminal

package struct LogVerb: Verb {
  package let name = "log"
  package let summary = "what a step printed when it ran last"
  package let details =
    "Grows while the step runs. Beyond [Atelier] log_limit only its end is kept. A terminal gets "
    + "escape sequences as text. Logs of steps that ran as jobs come from the shared folder."
  package let examples = [
    Example("atelier log week4.baseline", "its log"),
    Example("atelier log week4.baseline --follow", "the same, and what comes, until Ctrl-C"),
  ]
  let step = Argument("[workshop/]step", completion: .named("steps"))
  let follow = Flag("follow", short: "f", "go on with what the step prints, until Ctrl-C")

  package var parameters: [any Parameter] { [step, follow] }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let status = try GraphStatus(Session(call, targets: call[step], context))
    let targets = status.selection.targets
    if call[follow], let index = targets.first {
      return try Signals.guarding { signals in
        try Self.follow(Self.paths(index, status), on: context.output, signals)
        return signals.code
      }
    }
    for index in targets {
      guard let path = try Self.paths(index, status).first(where: FileSystem.isFile) else {
        throw UsageError(
          "\(status.graph.nodes[index].name) has no log on this machine: it never ran here, or printed "
            + "nothing")
      }
      try Self.show(path, on: context.output)
    }
    return ExitCode.success
  }

  /// Where the log of the current key may be, then that of the last run: a failed step has one, too.
  private static func paths(_ index: Int, _ status: GraphStatus) throws -> [String] {
    let name = status.graph.nodes[index].name
    let keys = [status.planner.states[index]?.key, status.planner.lastKey(name)].compactMap { $0 }
    return try keys.flatMap { key in try places(status).map { $0.log(key) } }
  }

  /// The stores in which a log may lie: this machine's, then the one that machines share.
  private static func places(_ status: GraphStatus) throws -> [StoreLayout] {
    let shared = try status.session.sharedFolder()?.logs
    return [status.environment.store.layout] + (shared.map { [$0] } ?? [])
  }

  /// A pipe gets the bytes of the program; on a terminal what would control it is visible text.
  private static func show(_ path: String, on output: Console) throws {
    guard output.isTerminal else { return try FileSystem.read(path) { try output.data($0) } }
    var visible = VisibleText()
    try FileSystem.read(path) { try output.data(visible.feed($0)) }
    try output.data(visible.finish())
  }

  /// Shows the first of some files that is there, and what is added to it.
  private static func follow(
    _ paths: [String], on output: Console, _ signals: Signals
  ) throws {
    var visible = VisibleText()
    var file = GrowingFile()
    while !signals.token.isCancelled {
      if let path = paths.first(where: FileSystem.isFile) {
        try file.read(path) { block in
          if output.isTerminal {
            try output.data(visible.feed(block))
          } else {
            try output.data(block)
          }
        }
      }
      signals.token.wait(seconds: 0.25)
    }
  }
}
