// Credentials printed by a program that a profile names.
import CSystem
import Content
import HTTP
import Signing

/// Runs `credential_process` of a profile through the shell.
///
/// Its messages go to our standard error, for it may ask for something; its output is never shown.
struct CredentialProcess: CredentialSource {
  /// Seconds after which the program is killed.
  static let patience = 60.0

  let profile: String
  let command: String
  let environment: [String: String]

  func fetch(isCancelled: @escaping @Sendable () -> Bool) throws -> Credentials {
    let output = try run(isCancelled)
    guard let answer = try? JSONValue(parsing: output) else { throw failure("it printed no JSON") }
    guard answer["Version"]?.integer == 1 else {
      throw failure("it printed no \"Version\": 1")
    }
    guard let key = answer["AccessKeyId"]?.string, let secret = answer["SecretAccessKey"]?.string
    else { throw failure("it printed no AccessKeyId or no SecretAccessKey") }
    let expiration = answer["Expiration"]?.string
    let end = expiration.flatMap { UnixTime(iso8601: $0) }
    guard expiration == nil || end != nil else {
      throw failure("its Expiration is no time such as 2026-01-31T12:00:00Z")
    }
    return Credentials(
      accessKeyID: key, secretKey: HiddenText(secret),
      sessionToken: answer["SessionToken"]?.string.map { HiddenText($0) }, expiration: end)
  }

  private func failure(_ reason: String) -> CredentialError {
    .process(profile: profile, reason: "\(reason); run the command by hand to see")
  }

  private func run(_ isCancelled: () -> Bool) throws -> [UInt8] {
    var ends: [Int32] = [-1, -1]
    guard cs_pipe(&ends) == 0 else { throw failure(String(cString: cs_error())) }
    defer { cs_close(ends[0]) }
    let pid = spawn(output: ends[1])
    cs_close(ends[1])
    guard pid > 0 else { throw failure("/bin/sh did not start") }
    var process = Process(pid: pid)
    let output = read(ends[0], &process, isCancelled)
    // One that takes too long must not outlive us; one that ended well may have left a helper running.
    if output == nil { _ = cs_kill_group(pid, 9) }
    let code = process.wait()
    guard let output else {
      throw failure(
        isCancelled()
          ? "cancelled" : "it ran for more than \(Int(Self.patience)) s or printed too much")
    }
    guard code == 0 else { throw failure("it ended with exit code \(code)") }
    return output
  }

  /// The process, which is waited for once.
  private struct Process {
    let pid: Int32
    private var code: Int32?

    init(pid: Int32) { self.pid = pid }

    /// Whether it has ended.
    mutating func hasEnded() -> Bool {
      if code == nil { code = wait(isBlocking: false) }
      return code != nil
    }

    /// Its exit code, once it has ended.
    mutating func wait() -> Int32 {
      let code = code ?? wait(isBlocking: true) ?? -1
      self.code = code
      return code
    }

    private func wait(isBlocking: Bool) -> Int32? {
      var code: Int32 = 0
      var memory: Int64 = 0
      var seconds = 0.0
      return cs_wait(pid, isBlocking ? 0 : 1, &code, &memory, &seconds) == 1 ? code : nil
    }
  }

  private func spawn(output: Int32) -> Int32 {
    let arguments = CStrings(["/bin/sh", "-c", command])
    let variables = CStrings(environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
    return arguments.withPointers { argv in
      variables.withPointers { envp in
        guard let path = argv[0] else { return -1 }
        var spec = cs_spawn_t(
          path: path, argv: argv, envp: envp, cwd: nil, in_fd: -1, out_fd: output, err_fd: 2,
          extra_fd: -1, ruleset_fd: -1, new_group: 1, death_signal: 9, supervise: 0, grace_ms: 0)
        var stage = CChar(0)
        return cs_spawn(&spec, &stage)
      }
    }
  }

  /// All it prints until it ends; nil when it took too long or printed more than 64 KiB.
  ///
  /// A child that it leaves behind may hold on to its output.
  private func read(
    _ descriptor: Int32, _ process: inout Process, _ isCancelled: () -> Bool
  ) -> [UInt8]? {
    let end = Double(cs_monotonic()) / 1e9 + Self.patience
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while Double(cs_monotonic()) / 1e9 < end, !isCancelled() {
      var one = descriptor
      let hadEnded = process.hasEnded()
      guard cs_poll(&one, 1, hadEnded ? 0 : 100) > 0 else {
        if hadEnded { return bytes }
        continue
      }
      let count = cs_read(descriptor, &block, block.count)
      guard count >= 0, bytes.count + count <= block.count else { return nil }
      if count == 0 { return bytes }
      bytes += block[..<count]
    }
    return nil
  }
}
