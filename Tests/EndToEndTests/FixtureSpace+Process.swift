// Starts a program under test, signals it, and reads what it said. It uses none of our own process
// code, which is under test.
import AtelierTesting
import Content
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

  /// Whether a line of its standard output holds a text.
  func hasSaid(_ text: String) -> Bool { ((try? TestFiles.text(out)) ?? "").contains(text) }

  /// Waits for the end; kills and throws after a time that no test needs.
  func wait(seconds: Double = 100) throws -> EndedProgram {
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

/// A program under test that ended.
struct EndedProgram: Sendable {
  /// As a shell sees it: the exit code, or 128 and the signal.
  let code: Int32
  /// The signal that ended it, or 0.
  let signal: Int32
  let out: String
  let err: String

  /// The lines of standard output that are JSON.
  var events: [JSONValue] {
    out.split(separator: "\n").compactMap { try? JSONValue(parsing: Array($0.utf8)) }
  }

  /// The event with which a step ended.
  func step(_ name: String) -> JSONValue? {
    events.first { $0["event"] == "step" && $0["step"]?.string == name }
  }

  /// How each step ended.
  var statuses: [String: String] {
    events.filter { $0["event"] == "step" }.reduce(into: [:]) { statuses, event in
      if let name = event["step"]?.string { statuses[name] = event["status"]?.string }
    }
  }

  /// The digest of a step's output `out`.
  func digest(of step: String, output: String = "out") throws -> Digest {
    guard
      let text = self.step(step)?["outputs"]?[output]?["digest"]?.string,
      let digest = Digest(text)
    else { throw ProgramError("\(step) has no output '\(output)' in:\n\(out)\n\(err)") }
    return digest
  }
}

/// What went wrong in a test's own machinery.
struct ProgramError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// The processes of this machine.
enum ProcessTable {
  struct Entry: Sendable {
    let pid: pid_t
    /// The name that it runs under, for example `sleep`.
    let name: String
    let arguments: String
  }

  /// The living processes in whose arguments, environment or working folder a text stands.
  static func mentioning(_ text: String) -> [Entry] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.compactMap { pid in
      let arguments = read("/proc/\(pid)/cmdline")
      let folder = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd"))
      let places = [arguments, folder ?? "", read("/proc/\(pid)/environ")]
      guard places.contains(where: { $0.contains(text) }) else { return nil }
      let name = read("/proc/\(pid)/comm").split(separator: "\n").first.map(String.init) ?? ""
      return Entry(pid: pid, name: name, arguments: arguments)
    }
  }

  /// What is left of them after at most some seconds.
  static func left(mentioning text: String, after seconds: Double = 2) -> [Entry] {
    let end = Date().addingTimeInterval(seconds)
    while true {
      let left = mentioning(text)
      if left.isEmpty || Date() > end { return left }
      usleep(5000)
    }
  }

  /// Waits until a process of that name runs in a project.
  static func wait(for name: String, in project: String, seconds: Double = 30) throws {
    let end = Date().addingTimeInterval(seconds)
    while !mentioning(project).contains(where: { $0.name == name }) {
      guard Date() < end else { throw ProgramError("no process '\(name)' within \(seconds) s") }
      usleep(5000)
    }
  }

  private static func read(_ path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = Foundation.read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
