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
    let output = read(ends[0], isCancelled)
    // Whatever is left of it must not outlive us, nor keep us waiting.
    if output == nil { _ = cs_kill_group(pid, 9) }
    var code: Int32 = 0
    var memory: Int64 = 0
    var seconds = 0.0
    _ = cs_wait(pid, 0, &code, &memory, &seconds)
    guard let output else {
      throw failure(
        isCancelled()
          ? "cancelled" : "it ran for more than \(Int(Self.patience)) s or printed too much")
    }
    guard code == 0 else { throw failure("it ended with exit code \(code)") }
    return output
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

  /// All it prints; nil when it took too long or printed more than 64 KiB.
  private func read(_ descriptor: Int32, _ isCancelled: () -> Bool) -> [UInt8]? {
    let end = Double(cs_monotonic()) / 1e9 + Self.patience
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while Double(cs_monotonic()) / 1e9 < end, !isCancelled() {
      var one = descriptor
      guard cs_poll(&one, 1, 100) > 0 else { continue }
      let count = cs_read(descriptor, &block, block.count)
      guard count >= 0, bytes.count + count <= block.count else { return nil }
      if count == 0 { return bytes }
      bytes += block[..<count]
    }
    return nil
  }
}
