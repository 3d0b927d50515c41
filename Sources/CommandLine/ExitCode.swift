// The exit codes that scripts rely on. Which error means which is decided by the program.

package enum ExitCode {
  package static let success: Int32 = 0
  package static let stepFailed: Int32 = 1
  package static let usage: Int32 = 2
  package static let outOfDate: Int32 = 3
  package static let notReproducible: Int32 = 4
  package static let storeUnusable: Int32 = 5
  package static let integrity: Int32 = 6
  package static let bug: Int32 = 70
  /// Of hidden verbs: this machine is at fault, another may do it.
  package static let unfitNode: Int32 = 75
  package static let hangUp: Int32 = 129
  package static let interrupted: Int32 = 130
  package static let brokenPipe: Int32 = 141
  package static let terminated: Int32 = 143

  /// The exit code of a verb that a signal ended.
  package static func signal(_ number: Int32) -> Int32 { 128 + number }

  /// Every code with its meaning, for help and documentation.
  package static let meanings: [(code: Int32, meaning: String)] = [
    (success, "success"),
    (stepFailed, "a step failed"),
    (usage, "invalid command line, configuration or input"),
    (outOfDate, "out of date, or a regression"),
    (notReproducible, "a result is not reproducible"),
    (storeUnusable, "the store, a remote or an output file cannot be used"),
    (integrity, "damaged data in the store"),
    (bug, "a bug in Atelier; please report it"),
    (hangUp, "ended by SIGHUP"),
    (interrupted, "ended by SIGINT (Ctrl-C)"),
    (brokenPipe, "the reader of standard output has gone"),
    (terminated, "ended by SIGTERM"),
  ]
}
