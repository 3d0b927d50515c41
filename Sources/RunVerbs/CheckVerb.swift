// `atelier check`: are a workshop's outputs those of its committed baseline?
import Atelier
import Baselines
import CommandLine
import Content
import Execution
import Inspection
import Planning
import Project
import Regression
import Terminal

package struct CheckVerb: Verb {
  package let name = "check"
  package let summary = "compare a workshop's outputs with its committed baselines"
  package let details = """
    Runs every step with the settings that the baseline names (--set goes before them; nothing is
    published), and compares bytes, or with a tolerance in the baseline: schema and numbers.
    --update keeps tolerances; with --set it keeps those settings, too.
    In GitHub Actions each regression becomes an annotation, and the table becomes the step summary.
    Exits 3 on a regression: what moved, and outputs that are missing, extra or renamed; 1 when a
    step failed, 2 when there is no baseline; with --all the first of 1, 3 and 4 that occurred.
    """
  package let examples = [
    Example("atelier check", "the small baseline of the first workshop"),
    Example("atelier check --update", "accept what moved, then commit the file"),
    Example(
      "atelier check --update --set Atelier.users=2000 --set Atelier.batches=2",
      "a first baseline of a quick size"),
    Example("atelier check --all --cache ro --junit check.xml", "for a pull request"),
  ]
  let workshop = Shared.workshop
  let baseline = Option(
    "baseline", value: "NAME", completion: .named("baselines"),
    "Workshops/<Name>/Baselines/NAME.json (default small)")
  let all = Flag("all", "check every workshop that has the baseline")
  let rows = Flag("rows", "show rows of data that differ (default on a terminal and in pipes)")
  let noRows = Flag(
    "no-rows",
    "show no row of data, in reports neither (default where GITHUB_ACTIONS or GITLAB_CI is set)")
  let requireRemote = Flag(
    "require-remote", "exit 5 when the shared store, a bucket or a folder, is unreachable")
  let update = Flag("update", "accept the outputs as the new baseline and show what changes")
  let junit = Option(
    "junit", value: "FILE", completion: .files, "write the results as JUnit XML")
  let jobs = Shared.jobs
  let cache = CacheOption.option("as for run; ro for pull requests")
  let json = Shared.json

  package var parameters: [any Parameter] {
    [workshop, baseline, all, rows, noRows, requireRemote, update, junit, jobs, cache, json]
  }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    guard call[all] else {
      let session = try Session(call, workshop: workshop, context)
      let file = try CheckFile(named: call[baseline] ?? "small", session)
      guard call[update] || file.baseline != nil else { throw file.missing(session) }
      return try Signals.guarding { signals in
        var suites: [JUnit.Suite] = []
        return try check(session, file, call, context, signals, &suites)
      }
    }
    guard call[workshop].isEmpty, call.workshop == nil else {
      throw UsageError("--all checks every workshop; leave out the name of one")
    }
    let name = call[baseline] ?? "small"
    var checks: [(session: Session, file: CheckFile)] = []
    let root = try ProjectRoot.find(call.directory, context.environment)
    for type in context.workshops {
      let path = CheckFile.path(name, of: type.folder)
      guard FileSystem.isFile("\(root)/\(path)") else {
        context.output.message("\(type.name): there is no baseline \(path)")
        continue
      }
      let session = try Session(call, targets: [type.name], context)
      checks.append((session, try CheckFile(named: name, session)))
    }
    guard !checks.isEmpty else { throw UsageError("no workshop has a baseline '\(name)'") }
    return try Signals.guarding { signals in
      var codes: [Int32] = []
      var suites: [JUnit.Suite] = []
      for (session, file) in checks {
        codes.append(try check(session, file, call, context, signals, &suites))
        if signals.received != 0 { return signals.code }
      }
      // What hinders a comparison before what one found.
      let order = [ExitCode.stepFailed, ExitCode.outOfDate, ExitCode.notReproducible]
      return order.first(where: codes.contains) ?? codes.max() ?? ExitCode.success
    }
  }

  /// Checks one workshop; its suite joins those before it in the file of --junit.
  private func check(
    _ plain: Session, _ file: CheckFile, _ call: Call, _ context: VerbContext, _ signals: Signals,
    _ suites: inout [JUnit.Suite]
  ) throws -> Int32 {
    let session = try plain.with(file.baseline?.settings ?? [:], call)
    let graph = try session.graph()
    let selection = try Selection([], in: graph)
    let mode = call[cache] ?? .rw
    let environment = try session.environment(
      graph, selection, readOnly: false,
      use: RemoteUse(
        cache: mode, isRequired: call[requireRemote],
        isCancelled: { signals.token.isCancelled }))
    // Keeps the stat memo and takes scratch away; the next run sweeps what this one cannot.
    defer { try? environment.store.close() }
    let run = try CheckRun(
      file, graph, selection, environment, jobs: session.jobs(call), cache: mode, signals,
      context.output, verbose: call.isVerbose)
    let github = GitHubReport(session.environmentVariables, context.output)
    switch run.summary.outcome {
    case .cancelled: return signals.code
    case .failed:
      context.output.error("nothing was compared: a step failed")
      try write(JUnit.failed(file, run.failures), call, &suites)
      github?.failed(file, run.failures)
      return ExitCode.stepFailed
    case .ok: break
    }
    let reader = ArtifactReader(environment: environment, locator: session.locator)
    let report = try CheckReport(
      file, run, environment, reader, graph,
      showsRows: try showsRows(call, session))
    try write(JUnit.report(report), call, &suites)
    if call[update] { return try accept(call, session, file, report, run) }
    try show(report, call, context.output)
    if let advice = report.advice, !call[json] { context.output.message(advice) }
    try github?.show(report)
    if report.isRegression { return ExitCode.outOfDate }
    return run.summary.irreproducible.isEmpty ? ExitCode.success : ExitCode.notReproducible
  }

  private func write(_ suite: JUnit.Suite, _ call: Call, _ suites: inout [JUnit.Suite]) throws {
    suites.append(suite)
    if let path = call[junit] { try FileSystem.replace(path, with: JUnit.document(suites)) }
  }

  /// Logs of a CI system are read by many: without rows there, unless they are asked for.
  private func showsRows(_ call: Call, _ session: Session) throws -> Bool {
    if call[rows], call[noRows] { throw UsageError("--rows and --no-rows exclude each other") }
    if call[rows] || call[noRows] { return call[rows] }
    return ["GITHUB_ACTIONS", "GITLAB_CI"].allSatisfy {
      session.environmentVariables[$0] != "true"
    }
  }

  private func show(
    _ report: CheckReport, _ call: Call, _ output: Console, updated: Bool = false
  ) throws {
    try output.data(
      call[json]
        ? report.json(updated: updated)
        : report.text(width: output.width, isFull: call.isVerbose))
  }

  /// Writes the file anew, in one piece, and shows what that changes.
  private func accept(
    _ call: Call, _ session: Session, _ file: CheckFile, _ report: CheckReport, _ run: CheckRun
  ) throws -> Int32 {
    let baseline = try Baseline.updated(
      file.baseline, to: run.outputs.mapValues(\.bytes), workshop: session.workshop.name,
      platform: KeyMaker.platform,
      settings: session.kept(file.baseline?.settings ?? [:], call), values: report.values)
    let bytes = Array(try baseline.text().utf8)
    let isChanged = bytes != file.bytes
    if isChanged {
      try FileSystem.makeFolder(FileSystem.parent(of: file.path))
      try FileSystem.replace(file.path, with: bytes)
    }
    try show(report, call, session.output, updated: isChanged)
    session.output.message(
      isChanged
        ? "\(file.shown): written, \(Text.count(baseline.entries.count, "output")); "
          + "review and commit it"
        : "\(file.shown): nothing to change")
    return ExitCode.success
  }
}
