// Starts `atelier worker` for one action and relays what it says. It knows no store.
import AtelierStep
import Subprocess

/// One attempt to run an action in a process of its own.
package struct WorkerProcess {
  private let executable: String
  private let environment: [String: String]
  private let directory: String
  private let log: LogFile
  private let token: CancellationToken

  package init(
    executable: String, environment: [String: String], directory: String, log: LogFile,
    token: CancellationToken
  ) {
    self.executable = executable
    self.environment = environment
    self.directory = directory
    self.log = log
    self.token = token
  }

  /// How an attempt ended.
  package enum Ending {
    case done(confined: Bool)
    case failed(String, confined: Bool)
    case cancelled

    /// The end of an attempt that took longer than it may.
    package static func outOfTime(_ limit: Double?) -> Ending {
      .failed("ended after its time limit of \(limit ?? 0) s", confined: true)
    }
  }

  /// Runs the worker to its end, on the calling thread.
  package func run(
    _ request: WorkerRequest, expecting code: CodeFingerprint, timeout: Double?,
    progress: (Double) -> Void
  ) throws -> Ending {
    var last: WorkerMessage?
    var stranger: String?
    // Supervised: whoever is killed, runner or worker, no descendant of the step stays.
    let command = Command(
      executable: executable, arguments: ["worker"], environment: environment,
      directory: directory, supervised: true)
    let exit = try withoutActuallyEscaping(progress) { progress in
      try command.run(
        input: .bytes(try request.line() + [0x0A]),
        output: .lines { line in
          guard let message = WorkerMessage(line: Array(line.utf8)) else { return }
          switch message {
          case .progress(let fraction): progress(fraction)
          case .hello(_, let own): if own != code.digest { stranger = own }
          case .done, .failed: last = message
          }
        }, error: .chunks { log.write($0) }, timeout: timeout, cancelled: token)
    }
    if let stranger {
      return .failed(
        "the worker's code is \(stranger.prefix(12)), the runner's \(code.digest.prefix(12)); "
          + "was atelier rebuilt during the run? Run it again.", confined: false)
    }
    return ending(exit, last, timeout: timeout)
  }

  private func ending(_ exit: Exit, _ last: WorkerMessage?, timeout: Double?) -> Ending {
    switch (exit.status, last) {
    case (.cancelled, _): return .cancelled
    case (.timedOut, _): return .outOfTime(timeout)
    case (.exited(0), .done(let confined)?): return .done(confined: confined)
    case (.exited, .failed(let text, let confined)?): return .failed(text, confined: confined)
    case (.exited(let code), _):
      return .failed("the worker ended with exit code \(code) and no answer", confined: true)
    case (.signalled(let signal), _):
      return .failed("the worker was killed by signal \(signal)", confined: true)
    }
  }
}
