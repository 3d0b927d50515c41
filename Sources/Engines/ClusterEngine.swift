// The engine of a cluster: collects steps, and keeps one thread that talks to the cluster for all of
// them.
import AtelierStep
import CSystem
import Clusters
import Execution
import FileTools
import RemoteCache
import Subprocess

/// Runs actions as jobs of a cluster, and those that are not for one on this machine.
package final class ClusterEngine: StepEngine {
  private struct Inbox {
    var steps: [WaitingStep] = []
    /// When the first of them came.
    var since = 0.0
    var isFlushed = false
    var isToDrop = false
    var hasThread = false
    var fault: EngineFault?
  }

  private enum Work {
    case submit([WaitingStep])
    case poll, drop, cancel, end
  }

  private let local: LocalEngine
  private let settings: ClusterSettings
  private let token: CancellationToken
  private let seconds: @Sendable (String) -> Double?
  private let makeHead: @Sendable () throws -> ClusterHead
  private let driverName: String
  private let inbox = Monitor(Inbox())

  /// Seconds that steps are collected before they go out.
  private static let collecting = 1.0

  /// `seconds` gives how long a step took before, by its name.
  package init(
    driver: any ClusterDriver, store: any JobStore, shared: SharedStore,
    environment: EngineEnvironment, settings: ClusterSettings, local: LocalEngine,
    token: CancellationToken, seconds: @escaping @Sendable (String) -> Double?,
    report: @escaping @Sendable (RunEvent) -> Void
  ) {
    self.local = local
    self.settings = settings
    self.token = token
    self.seconds = seconds
    driverName = driver.name
    makeHead = {
      try ClusterHead(
        driver: driver, store: store, shared: shared, environment: environment, settings: settings,
        report: report)
    }
  }

  package var name: String { driverName }

  /// Steps that are handed over at a time: they wait on the cluster, not here.
  package var width: Int? { 10_000 }

  package var fault: EngineFault? { inbox.withLock { $0.fault } }

  package func accepts(_ action: Action) -> Bool {
    // What no key and no record may hold does not go into an order either.
    guard action.step.isolation == .process, action.step.unkeyed.isEmpty else { return false }
    return seconds(action.name).map { $0 >= settings.hereSeconds } ?? true
  }

  package func start(_ action: Action, done: @escaping @Sendable (EndedStep) -> Void) {
    guard accepts(action) else { return local.start(action, done: done) }
    let step = WaitingStep(action: action, done: done, seconds: seconds(action.name))
    let needsThread = inbox.withLock { inbox in
      if inbox.steps.isEmpty { inbox.since = Self.now }
      inbox.steps.append(step)
      defer { inbox.hasThread = true }
      return !inbox.hasThread
    }
    guard needsThread else { return }
    do {
      try startThread { [self] in serve() }
    } catch {
      failAll("\(error)")
    }
  }

  package func flush() {
    inbox.withLock { if !$0.steps.isEmpty { $0.isFlushed = true } }
  }

  package func drop() { inbox.withLock { $0.isToDrop = true } }

  private static var now: Double { Double(cs_monotonic()) / 1e9 }

  private func failAll(_ text: String) {
    let steps = inbox.withLock { inbox in
      defer {
        inbox = Inbox()
        inbox.fault = .cluster
      }
      return inbox.steps
    }
    for step in steps { step.done(EndedStep(.failed("\(driverName): \(text)", warnings: []))) }
  }

  // MARK: - The thread

  private func serve() {
    var head: ClusterHead
    do {
      head = try makeHead()
    } catch {
      return failAll("\(error)")
    }
    while true {
      switch next(head) {
      case .submit(let steps): head.submit(steps)
      case .poll:
        let due = head.takeDelayed()
        if !due.isEmpty { head.submit(due) }
        head.poll()
      case .drop: head.drop()
      case .cancel: head.cancel()
      case .end: return
      }
      if let fault = head.fault { inbox.withLock { $0.fault = fault } }
    }
  }

  private func next(_ head: ClusterHead) -> Work {
    inbox.wait { [token] inbox, wait -> Work? in
      if token.isCancelled {
        Self.cancelWaiting(&inbox)
        if !head.isIdle { return .cancel }
        inbox.hasThread = false
        return .end
      }
      if inbox.isToDrop {
        inbox.isToDrop = false
        Self.cancelWaiting(&inbox)
        return .drop
      }
      if !inbox.steps.isEmpty, inbox.isFlushed || Self.now - inbox.since >= Self.collecting {
        defer { (inbox.steps, inbox.isFlushed) = ([], false) }
        return .submit(inbox.steps)
      }
      if head.isIdle, inbox.steps.isEmpty {
        // The thread stays for a while only where more may come: a new one is cheap.
        inbox.hasThread = false
        return .end
      }
      if !head.isIdle, head.rest <= 0 { return .poll }
      // A cancellation wakes nobody here.
      wait = Int(min(0.1, max(0.005, head.isIdle ? 0.1 : head.rest)) * 1000)
      return nil
    }
  }

  private static func cancelWaiting(_ inbox: inout Inbox) {
    for step in inbox.steps { step.done(EndedStep(.cancelled)) }
    inbox.steps = []
  }
}
