// `atelier dev`: builds what changed, runs a target and shows it, each time a file is saved.
import CommandLine
import Dispatch
import Project
import Subprocess
import Terminal

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

package struct DevVerb: Verb {
  package let name = "dev"
  package let summary = "run a step, and again each time that a file is saved"
  package let details = """
    Runs the target and shows its first rows. Then watches the checkout: a saved SQL or Python file
    of a workshop, or its configuration, leads to a run at once; a saved Swift file is built first,
    without optimising (the keys and the bytes are the same), into .build/dev. The first such build
    takes about five minutes. Ends with Ctrl-C.
    """
  package let examples = [
    Example("atelier dev week1.funnel", "edit Workshops/Propensity/Scripts/funnel.sql and save")
  ]
  let target = Argument("[workshop/]target", completion: .named("targets"))
  let limit = Option(
    "limit", value: "ROWS", in: 0...1_000_000, "rows to show of a table (default: 10)")
  let runs = Option(
    "runs", value: "N", in: 1...1_000_000, "end after so many runs, with the last one's exit code")

  package var parameters: [any Parameter] { [target, limit, runs] }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let word = try call.word(target)
    let session = try Session(call, targets: [word], context)
    let checkout = try NewCheckout(root: session.projectRoot)
    // A misspelt target is told now, and not after each save.
    _ = try session.selection(session.graph())
    var watch = try SourceWatch(root: checkout.root, config: session.configPath)
    var loop = DevLoop(
      root: checkout.root, program: try OwnProgram.path(),
      locator: session.locator,
      environment: session.environmentVariables,
      words: try words(word, session, call), output: context.output)
    var code = try loop.run(limit: call[limit] ?? 10)
    // What ended the run ends this, too.
    guard !Self.ends.contains(code) else { return code }
    if call[runs] != 1 { context.output.message("waiting for the next save; Ctrl-C ends") }
    var left = call[runs].map { $0 - 1 }
    while left != 0 {
      let changes = try next(&watch)
      let began = DispatchTime.now()
      context.output.message("\n" + Self.text(changes))
      guard try !changes.needsBuild || loop.build() else { continue }
      code = try loop.run(limit: call[limit] ?? 10)
      guard !Self.ends.contains(code) else { return code }
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - began.uptimeNanoseconds) / 1e9
      context.output.message("\(Text.seconds(seconds)) after the save")
      left = left.map { $0 - 1 }
    }
    return code
  }

  /// The codes of a program that a signal ended.
  private static let ends = [SIGINT, SIGTERM, SIGHUP].map { 128 + $0 }

  /// The words after `run` and `show`.
  private func words(_ target: String, _ session: Session, _ call: Call) throws -> [String] {
    var words = [
      target, "--workshop", session.workshop.name, "--project", session.projectRoot, "--config",
      session.configPath,
    ]
    for (name, value) in try call.assignments { words += ["--set", "\(name)=\(value)"] }
    return words
  }

  /// Waits for a save, and until nothing is written any more.
  private func next(_ watch: inout SourceWatch) throws -> SourceWatch.Changes {
    var all = SourceWatch.Changes()
    while true {
      _ = DispatchSemaphore(value: 0).wait(timeout: .now() + 0.1)
      let changes = try watch.changes()
      if changes.isEmpty, !all.isEmpty { return all }
      all.files = Set(all.files + changes.files).sorted()
      all.needsBuild = all.needsBuild || changes.needsBuild
    }
  }

  private static func text(_ changes: SourceWatch.Changes) -> String {
    let more = changes.files.count > 3 ? " and \(changes.files.count - 3) more" : ""
    return "saved: " + changes.files.prefix(3).joined(separator: ", ") + more
  }
}
