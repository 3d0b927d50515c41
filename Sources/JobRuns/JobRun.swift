// A job: Atelier itself, in a container that an engine started, on some nodes of a plan.
// It reads no configuration file; all that it does lies in the bucket.
import AWS
import Atelier
import CommandLine
import Configuration
import Content
import Execution
import HTTP
import LocalStores
import Names
import Planning
import Plans
import Project
import RemoteCache
import RunDisplay
import S3
import Scheduling

/// One job of a plan, from its request to the files that it leaves.
package struct JobRun {
  private let url: S3URL
  private let folder: JobFolder
  private let context: VerbContext
  private let signals: Signals
  /// How long requests go on after a signal.
  private let grace: GracePeriod

  /// A job whose request lies at a URL.
  package init(_ url: S3URL, folder: JobFolder, _ context: VerbContext, _ signals: Signals) {
    self.url = url
    self.folder = folder
    self.context = context
    self.signals = signals
    grace = GracePeriod(signals.token, seconds: 90)
  }

  /// Does the job, and gives the exit code of its steps.
  ///
  /// Throws `JobRefusal` where request, plan and program do not belong together, and what stores
  /// throw.
  package func run() throws -> Int32 {
    let request = try RequestedJob(bytes: object(url), from: url)
    let plan = try plan(of: request)
    let session = try session(request, plan)
    let graph = try wire(session, plan)
    try check(graph, session, request, plan)
    let names = Set(graph.nodes.map(\.name))
    if let unknown = request.nodes.first(where: { !names.contains($0) }) {
      throw JobRefusal("\(url) asks for '\(unknown)', which is no node of the plan")
    }
    let nodes = Set(graph.nodes.indices.filter { request.nodes.contains(graph.nodes[$0].name) })
    let selection = Selection(nodes, in: graph)
    let environment = try session.environment(
      graph, selection, readOnly: false, use: use,
      planned: plan.sources.mapValues { PlannedSource(digest: $0.digest, size: $0.size) })
    defer { try? environment.store.close() }
    context.output.message(
      "job \(request.name): \(request.nodes.count) of the \(graph.nodes.count) nodes of "
        + "\(request.workshop), plan \(plan.digest.hex.prefix(12))")
    let renderer = PlainRunRenderer(context.output, verbose: true, workshop: graph.workshop)
    defer { renderer.close() }
    let ends = NodeEnds()
    var options = RunOptions(jobs: session.cores, keepGoing: false, cache: .rw)
    options.abandonsUploads = { [grace] in grace.isOver }
    let scheduler = try Scheduler(
      graph: graph, selection: selection, environment: environment, options: options,
      token: signals.token,
      report: { event in
        if case .finished(let report) = event { ends.take(report) }
        renderer.show(event)
      })
    let summary = try scheduler.run()
    switch summary.outcome {
    case .cancelled:
      // SageMaker ends a container two minutes after it asked for it.
      let left = try environment.shared?.drain(isCancelled: { grace.isOver }) ?? 0
      if left == 0 { context.output.message("note: what was complete is in the store") }
      return signals.code
    case .failed:
      try folder.leave(message: ends.failure ?? "the job \(request.name) failed")
      return ExitCode.stepFailed
    case .ok: break
    }
    let results = JobResults(ends: ends, graph: graph, environment: environment, folder: folder)
    for node in request.decisions { try results.leave(decisionOf: node) }
    for file in request.files { try results.leave(file) }
    return ExitCode.success
  }

  private var use: RemoteUse {
    var use = RemoteUse(cache: .rw, isRequired: true, isCancelled: { [grace] in grace.isOver })
    // Nobody waits in front of it, and a job that gives up costs a machine's start.
    use.retries.attempts = 20
    use.retries.patience = 300
    return use
  }

  // MARK: - Request and plan

  /// The bytes of a small object.
  private func object(_ url: S3URL) throws -> [UInt8] {
    let settings = try AWSSettings(environment: context.environment)
    let http = HTTPSettings.service()
    let client = try S3Client(
      bucket: url.bucket, settings: settings, http: http, retries: use.retries,
      credentials: context.credentials.provider(settings, http)
    ).cancelled(by: use.isCancelled)
    do {
      return try client.get(url.key).bytes
    } catch {
      guard error.kind == .notFound else { throw error }
      throw JobRefusal(
        "\(url) is not there; start the workflow anew, which puts requests and plans into the bucket"
      )
    }
  }

  private func plan(of request: RequestedJob) throws -> PlanDocument {
    let place = S3URL(bucket: request.bucket, key: request.planKey)
    let plan: PlanDocument
    do {
      plan = try PlanDocument(bytes: object(place))
    } catch let error as PlanDocumentError {
      throw JobRefusal("\(place) is no plan: \(error)")
    }
    guard plan.workshop == request.workshop else {
      throw JobRefusal(
        "\(place) is a plan of the workshop \(plan.workshop), and the request is for "
          + request.workshop)
    }
    guard plan.digest == request.plan else {
      throw JobRefusal(
        "\(place) is another plan than the request's: expected \(request.plan), found \(plan.digest)"
      )
    }
    return plan
  }

  // MARK: - The graph

  private func session(_ request: RequestedJob, _ plan: PlanDocument) throws -> Session {
    var settings = plan.settings
    settings["Atelier.store"] = "s3"
    settings["Atelier.root"] = folder.store
    settings["AWS.s3_bucket_name"] = request.bucket
    settings["AWS.s3_prefix"] = request.prefix
    settings["AWS.region"] = request.region
    do {
      return try Session(
        planned: request.workshop, settings: settings,
        projectRoot: ProjectRoot.find(nil, context.environment), context)
    } catch let error as ConfigurationError {
      throw JobRefusal(
        "\(error): a variable of the container sets it, or the image is older than the plan; correct the "
          + "variable, or \(Self.advice)")
    }
  }

  private static let advice =
    "build the image of the plan's sources and push it: atelier image build, atelier image push"

  /// Wires the graph by what the plan says was read.
  private func wire(_ session: Session, _ plan: PlanDocument) throws -> Graph {
    let root = session.projectRoot
    var readings = GivenReadings(files: [:], folders: [:])
    for (path, names) in plan.folders { readings.folders[Self.whole(path, root)] = names }
    if !plan.files.isEmpty {
      let store = try session.store(readOnly: false)
      defer { try? store.close() }
      guard let shared = try session.remote(store, use)?.shared else {
        throw JobRefusal("the job has no shared store")
      }
      for (path, file) in plan.files {
        try shared.fetch(file.digest)
        readings.files[Self.whole(path, root)] = try store.objects.bytes(of: file.digest)
      }
    }
    return try session.graph(given: readings)
  }

  /// A path of the plan, absolute.
  private static func whole(_ path: String, _ root: String) -> String {
    path.hasPrefix("/") || S3URL.isMeant(by: path) ? path : "\(root)/\(path)"
  }

  /// Throws where this program would do something else than what was planned.
  private func check(
    _ graph: Graph, _ session: Session, _ request: RequestedJob, _ plan: PlanDocument
  ) throws {
    for node in graph.nodes {
      guard let step = node.step, let planned = request.code["\(step.family).\(step.step)"],
        planned != step.code.digest
      else { continue }
      throw JobRefusal(
        "\(node.name): the code of \(step.family).\(step.step) in this image is not the plan's (planned "
          + "\(planned.prefix(12)), here \(step.code.digest.prefix(12))); \(Self.advice)")
    }
    let names = Set(plan.nodes)
    let own = try Plan(
      graph, nodes: graph.nodes.indices.filter { names.contains(graph.nodes[$0].name) },
      settings: session.recordedSettings.object?.compactMapValues { $0["value"]?.string } ?? [:],
      sources: sources(graph, plan), projectRoot: session.projectRoot)
    guard let difference = try plan.difference(from: own) else { return }
    throw JobRefusal(
      "this image would do something else than the plan, at \(difference); \(Self.advice)")
  }

  /// The plan's own words on sources: what they are now is asked where a step needs them.
  private func sources(_ graph: Graph, _ plan: PlanDocument) -> [Int: OutputRecord] {
    var records: [Int: OutputRecord] = [:]
    for (index, node) in graph.nodes.enumerated() {
      guard let bytes = plan.sources[node.name], let output = node.outputs.first else { continue }
      records[index] = PlannedSource(digest: bytes.digest, size: bytes.size).record(output)
    }
    return records
  }
}
