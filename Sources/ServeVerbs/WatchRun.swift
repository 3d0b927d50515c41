// The run for one file that arrived: the workshop with that file's settings, every step of it.
import Atelier
import Content
import Execution
import FileTools
import Inbox
import LocalStores
import Planning
import Project
import RemoteCache
import RunDisplay
import Scheduling
import StoreFolder
import Trees
import Workers

struct WatchRun {
  enum Outcome {
    case done(run: String)
    /// A step, the input or the configuration was at fault.
    case failed(run: String?, reason: String)
    case cancelled
  }

  private let session: Session
  private let options: WatchOptions
  private let signals: Signals

  /// `file` holds the bytes; the settings of the command line stay, but for the file's own.
  init(
    _ place: WatchPlace, _ arrival: Arrival, file: String, _ options: WatchOptions,
    _ signals: Signals
  ) throws {
    var overrides: [String: String] = [:]
    for (name, value) in try options.call.assignments {
      overrides[name] = value
    }
    for name in place.landing.emptied { overrides[name.description] = "" }
    overrides[place.landing.file.description] = file
    overrides[place.landing.object.description] = arrival.object
    if let time = place.landing.arrived {
      overrides[time.description] = arrival.arrived.iso8601
    }
    session = try place.session.with(overrides: overrides)
    self.options = options
    self.signals = signals
  }

  /// With `--endpoint` the model of the run goes to that endpoint; a gate that refused it leaves the
  /// endpoint as it is.
  private func updateEndpoint(_ run: String) -> Outcome {
    guard let name = options.endpoint else { return .done(run: run) }
    do {
      _ = try EndpointUpdate(
        session, named: name, EndpointOptions(),
        library: ModelLibrary.path(session.projectRoot, session.environmentVariables)
      ).document()
      return .done(run: run)
    } catch {
      return .failed(
        run: run, reason: "the endpoint \(name) was not updated: \(ErrorText.of(error))")
    }
  }

  /// Throws what concerns the store or the bucket, since that is not the file's fault.
  func run() throws -> Outcome {
    let graph: Graph
    let selection: Selection
    let environment: EngineEnvironment
    do {
      graph = try session.graph()
      selection = try Selection([], in: graph)
      environment = try session.environment(
        graph, selection, readOnly: false,
        use: RemoteUse(cache: .rw, isCancelled: { signals.token.isCancelled }))
    } catch let error where error is StoreError || error is FileError || error is TreeError {
      throw error
    } catch let error as RemoteFailure {
      throw error
    } catch {
      return .failed(run: nil, reason: ErrorText.of(error))
    }
    defer { try? environment.store.close() }
    let renderer = PlainRunRenderer(
      session.output, verbose: options.call.isVerbose, workshop: graph.workshop)
    var failures: [String] = []
    let scheduler = try Scheduler(
      graph: graph, selection: selection, environment: environment,
      options: RunOptions(jobs: options.jobs, series: "watch"), token: signals.token,
      report: { event in
        if case .finished(let report) = event, report.status == .failed {
          let message = (report.message ?? "failed").split(whereSeparator: \.isNewline)
          failures.append("\(report.name): \(message.first ?? "failed")")
        }
        renderer.show(event)
      })
    let summary = try scheduler.run()
    switch summary.outcome {
    case .ok: return updateEndpoint(summary.id)
    case .cancelled: return .cancelled
    case .failed:
      return .failed(
        run: summary.id,
        reason: failures.isEmpty ? "the run failed" : failures.sorted().joined(separator: "; "))
    }
  }
}
