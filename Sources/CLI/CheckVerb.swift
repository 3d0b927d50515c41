// `atelier check`: are a workshop's outputs what somebody agreed to?
import Atelier
import Baselines
import Content
import Engine

enum CheckVerb {
  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let plain = try Session(
      wholeWorkshop: arguments, house, use: "checks all of its outputs")
    let file = try CheckFile(named: arguments.value("baseline") ?? "small", plain)
    guard arguments.has("update") || file.baseline != nil else { throw file.missing(plain) }
    let session = try plain.with(file.baseline?.settings ?? [:], arguments)
    let graph = try session.graph()
    let selection = try Selection([], in: graph)
    let signals = try Signals()
    let cache = arguments.value("cache").flatMap(RunOptions.CacheMode.init) ?? .rw
    let environment = try session.environment(
      graph, selection, readOnly: false,
      use: RemoteUse(cache: cache, isCancelled: { signals.token.isCancelled }))
    // Keeps the stat memo and takes scratch away; the next run sweeps what this one cannot.
    defer { try? environment.store.close() }
    let run = try CheckRun(
      file, graph, selection, environment, jobs: session.jobs(arguments), cache: cache, signals,
      verbose: arguments.has("verbose"))
    switch run.summary.outcome {
    case .cancelled:
      return signals.received == 15 ? ExitCode.terminated : ExitCode.interrupted
    case .failed:
      Console.talk("nothing was compared, since a step failed")
      if let path = arguments.value("junit") {
        try FileSystem.replace(path, with: JUnit.failed(file, run.failures))
      }
      GitHubReport(session.environmentVariables)?.failed(file, run.failures)
      return ExitCode.stepFailed
    case .ok: break
    }
    let reader = ArtifactReader(
      environment: environment,
      locator: ProgramLocator(
        projectRoot: session.projectRoot, environment: session.environmentVariables))
    let report = try CheckReport(file, run, environment, reader)
    if arguments.has("update") {
      return try update(arguments, session, file, report, run)
    }
    if let path = arguments.value("junit") {
      try FileSystem.replace(path, with: JUnit.report(report))
    }
    show(report, arguments)
    try GitHubReport(session.environmentVariables)?.show(report)
    if report.isRegression { return ExitCode.outOfDate }
    return run.summary.irreproducible.isEmpty ? ExitCode.fine : ExitCode.notReproducible
  }

  private static func show(_ report: CheckReport, _ arguments: Arguments, updated: Bool = false) {
    if arguments.has("json") {
      Console.data(report.json(updated: updated))
    } else {
      Console.data(
        report.text(width: OutputTerminal.width, isFull: arguments.has("verbose")))
    }
  }

  /// Writes the file anew, in one piece, and shows what that changes.
  private static func update(
    _ arguments: Arguments, _ session: Session, _ file: CheckFile, _ report: CheckReport,
    _ run: CheckRun
  ) throws -> Int32 {
    let baseline = try Baseline.updated(
      file.baseline, to: run.outputs.mapValues(\.bytes), workshop: session.workshop.name,
      platform: KeyMaker.platform,
      settings: session.kept(file.baseline?.settings ?? [:], arguments), values: report.values)
    let bytes = Array(try baseline.text().utf8)
    let isChanged = bytes != file.bytes
    if isChanged {
      try FileSystem.makeFolder(file.path.parentFolder)
      try FileSystem.replace(file.path, with: bytes)
    }
    show(report, arguments, updated: isChanged)
    Console.talk(
      isChanged
        ? "\(file.shown): written, \(Text.count(baseline.entries.count, "output")); "
          + "look at it and commit it"
        : "\(file.shown): nothing to change")
    return ExitCode.fine
  }
}

/// A run of all steps whose outputs are collected; nothing is delivered.
struct CheckRun {
  let summary: RunSummary
  /// The outputs of steps, by `step.output`.
  let outputs: [String: OutputRecord]
  /// What failed steps said.
  let failures: [(step: String, message: String)]

  init(
    _ file: CheckFile, _ graph: Graph, _ selection: Selection, _ environment: EngineEnvironment,
    jobs: Int,
    cache: RunOptions.CacheMode, _ signals: Signals, verbose: Bool
  ) throws {
    let renderer = PlainRunRenderer(verbose: verbose, workshop: graph.workshop)
    var reports: [String: NodeReport] = [:]
    let coordinator = try Coordinator(
      graph: graph, selection: selection, environment: environment,
      options: RunOptions(jobs: jobs, cache: cache, series: "check \(file.name)", delivers: false),
      token: signals.token,
      report: { event in
        if case .finished(let report) = event, report.eventName == "step" {
          // The last report of a node counts.
          reports[report.name] = report
        }
        renderer.show(event)
      })
    summary = try coordinator.run()
    var outputs: [String: OutputRecord] = [:]
    for report in reports.values {
      for (output, record) in report.outputs { outputs["\(report.name).\(output)"] = record }
    }
    self.outputs = outputs
    failures = reports.values.filter { $0.status == .failed }.sorted { $0.name < $1.name }
      .map { ($0.name, $0.message ?? "failed") }
  }
}

extension OutputRecord {
  /// The record as a baseline keeps it.
  var bytes: Bytes {
    Bytes(digest: digest, size: size, mediaType: mediaType, isTree: kind == .tree)
  }
}

extension String {
  /// The folder of a path.
  fileprivate var parentFolder: String { String(self[..<(lastIndex(of: "/") ?? startIndex)]) }
}
