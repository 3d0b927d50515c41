// Starts a program under test in a process group of its own, signals it, and reads what it said. It
// uses none of our own process code, which is under test.
import AtelierTesting
import Foundation

/// A program under test that was started.
package struct RunningProgram: Sendable {
  package let pid: pid_t
  private let words: [String]
  private let out: String
  private let err: String

  /// Starts a program with a small environment; what it prints goes to files below `captures`.
  package init(
    _ path: String, _ words: [String], environment: [String: String], captures: TemporaryFolder
  ) throws {
    let own = ProcessInfo.processInfo.environment
    let kept = ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "LLVM_PROFILE_FILE"].compactMap {
      key in
      own[key].map { (key, $0) }
    }
    let all = Dictionary(kept) { first, _ in first }.merging(environment) { $1 }
    try self.init([path] + words, environment: all, folder: nil, captures: captures.path)
  }

  /// Starts a program with exactly this environment, in a folder, or else in that of the tests.
  package init(
    _ words: [String], environment: [String: String], folder: String?, captures: String
  ) throws {
    // glibc hides what changes the folder of a spawned process from Swift.
    let entry = folder.map { ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, $0] } ?? []
    self.words = words
    let name = "\(captures)/captured-\(UUID().uuidString)"
    out = name + ".out"
    err = name + ".err"
    pid = try Self.spawn(
      entry + words, environment.map { "\($0.key)=\($0.value)" }.sorted(), out, err)
    StartedPrograms.current?.insert(pid)
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
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETPGROUP))
    let arguments = words.map { strdup($0) } + [nil]
    let variables = environment.map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, words[0], &actions, &attributes, arguments, variables)
    guard code == 0 else { throw ProgramError("cannot start \(words[0]): error \(code)") }
    return pid
  }

  /// Sends a signal to it alone.
  package func signal(_ number: Int32) { kill(pid, number) }

  /// Kills it and waits for it.
  package func end() {
    signal(SIGKILL)
    waitpid(pid, nil, 0)
    StartedPrograms.current?.remove(pid)
  }

  /// Whether it has ended; `wait` is not to be called then.
  package var hasEnded: Bool {
    var status: Int32 = 0
    guard waitpid(pid, &status, WNOHANG) == pid else { return false }
    StartedPrograms.current?.remove(pid)
    return true
  }

  /// Whether a line of its standard output holds a text.
  package func hasSaid(_ text: String) -> Bool {
    ((try? TestFiles.text(out)) ?? "").contains(text)
  }

  /// What it has printed on standard output so far.
  package func printed() throws -> String { try TestFiles.text(out) }

  /// What it has printed on standard error so far.
  package func said() throws -> String { try TestFiles.text(err) }

  /// Waits for the end; after a time that no test needs it kills the program's process group and
  /// throws what the program had said.
  package func wait(seconds: Double = 300) throws -> EndedProgram {
    var status: Int32 = 0
    let begun = Date()
    while true {
      let ended = waitpid(pid, &status, WNOHANG)
      if ended == pid { break }
      guard ended == 0 else { throw ProgramError("waitpid failed with error \(errno)") }
      let waited = Date().timeIntervalSince(begun)
      if waited > seconds {
        kill(-pid, SIGKILL)
        waitpid(pid, &status, 0)
        StartedPrograms.current?.remove(pid)
        throw ProgramError(
          "\(words.joined(separator: " ")) did not end within \(seconds) s and said:\n"
            + (try said()) + (try TestFiles.text(out)))
      }
      // A fiftieth of the time so far: four tests that look each millisecond would keep a core busy.
      usleep(UInt32(min(max(waited / 50, 0.001), 0.02) * 1e6))
    }
    StartedPrograms.current?.remove(pid)
    let signal = status & 0x7F
    return EndedProgram(
      code: signal == 0 ? (status >> 8) & 0xFF : 128 + signal, signal: signal,
      out: try TestFiles.text(out), err: try TestFiles.text(err))
  }

  /// Whether it has ended and nobody waited for it yet; false where the system has no /proc.
  package var isDone: Bool {
    guard let status = try? TestFiles.text("/proc/\(pid)/stat") else { return false }
    return status.contains(") Z ")
  }

  /// Removes the files that hold what it printed.
  package func forget() { for path in [out, err] { unlink(path) } }
}

/// What went wrong in a test's own machinery.
package struct ProgramError: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}
