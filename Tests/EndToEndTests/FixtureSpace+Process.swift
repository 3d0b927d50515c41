// Starts a program under test, signals it, and reads what it said. It uses none of our own process
// code, which is under test.
import AtelierTesting
import Foundation

/// A program under test that was started.
struct RunningProgram: Sendable {
  let pid: pid_t
  private let out: String
  private let err: String

  /// Starts a program with a small environment; what it prints goes to files below `captures`.
  init(
    _ path: String, _ words: [String], environment: [String: String], captures: TemporaryFolder
  ) throws {
    let name = "captured-\(UUID().uuidString)"
    out = captures(name + ".out")
    err = captures(name + ".err")
    let own = ProcessInfo.processInfo.environment
    let kept = ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"].compactMap { key in
      own[key].map { (key, $0) }
    }
    let all = Dictionary(kept) { first, _ in first }.merging(environment) { $1 }
    pid = try Self.spawn([path] + words, all.map { "\($0.key)=\($0.value)" }.sorted(), out, err)
  }

  private static func spawn(
    _ words: [String], _ environment: [String], _ out: String, _ err: String
  ) throws -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for (descriptor, file) in [(Int32(1), out), (2, err)] {
      posix_spawn_file_actions_addopen(
        &actions, descriptor, file, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    }
    // A child would inherit ignored signals, and those that a thread of the tests blocks.
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let arguments = words.map { strdup($0) } + [nil]
    let variables = environment.map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, words[0], &actions, &attributes, arguments, variables)
    guard code == 0 else { throw ProgramError("cannot start \(words[0]): error \(code)") }
    return pid
  }

  /// Sends a signal.
  func signal(_ number: Int32) { kill(pid, number) }

  /// Whether it has ended; `wait` is not to be called then.
  var hasEnded: Bool {
    var status: Int32 = 0
    return waitpid(pid, &status, WNOHANG) == pid
  }

  /// Whether a line of its standard output holds a text.
  func hasSaid(_ text: String) -> Bool { ((try? TestFiles.text(out)) ?? "").contains(text) }

  /// What it has printed on standard error so far.
  func said() throws -> String { try TestFiles.text(err) }

  /// Waits for the end; kills and throws after a time that no test needs.
  func wait(seconds: Double = 300) throws -> EndedProgram {
    var status: Int32 = 0
    let end = Date().addingTimeInterval(seconds)
    while true {
      let ended = waitpid(pid, &status, WNOHANG)
      if ended == pid { break }
      guard ended == 0 else { throw ProgramError("waitpid failed with error \(errno)") }
      if Date() > end {
        kill(pid, SIGKILL)
        waitpid(pid, &status, 0)
        throw ProgramError("the program did not end within \(seconds) s")
      }
      usleep(1000)
    }
    let signal = status & 0x7F
    return EndedProgram(
      code: signal == 0 ? (status >> 8) & 0xFF : 128 + signal, signal: signal,
      out: try TestFiles.text(out), err: try TestFiles.text(err))
  }
}

/// What went wrong in a test's own machinery.
struct ProgramError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
