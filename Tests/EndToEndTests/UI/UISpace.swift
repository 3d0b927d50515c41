// A started `atelier ui`, and requests to it with a client that no one of us wrote.
import AtelierTesting
import EndToEndHarness
import Foundation

/// The page of a fixture project's store; the program ends with the value.
final class UISpace {
  let program: RunningProgram
  /// The URL that the program printed, with its token.
  let url: String
  private let folder: TemporaryFolder
  private var isEnded = false

  /// An answer as it came over the wire.
  struct Answer {
    let status: Int
    /// The lines of the head, names in lower case.
    let fields: [String: String]
    let body: String

    init(_ text: String) {
      let parts = text.components(separatedBy: "\r\n\r\n")
      let lines = parts[0].components(separatedBy: "\r\n")
      status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
      fields = Dictionary(
        lines.dropFirst().compactMap { line in
          line.firstIndex(of: ":").map {
            (line[..<$0].lowercased(), line[line.index($0, offsetBy: 2)...].description)
          }
        }, uniquingKeysWith: { $1 })
      body = parts.dropFirst().joined(separator: "\r\n\r\n")
    }
  }

  /// Waits until the program has printed its URL.
  init(_ space: FixtureSpace, _ words: String..., environment: [String: String] = [:]) throws {
    folder = space.folder
    program = try space.start(["ui"] + words, environment: environment)
    let end = Date().addingTimeInterval(120)
    while true {
      let printed = try program.printed()
      if printed.hasSuffix("\n") {
        url = String(printed.dropLast())
        return
      }
      if program.hasEnded {
        isEnded = true
        throw ProgramError("it does not serve: \(try program.said())")
      }
      guard Date() < end else { throw ProgramError("no URL: \(try program.said())") }
      usleep(10_000)
    }
  }

  deinit {
    guard !isEnded else { return }
    program.signal(SIGKILL)
    _ = try? program.wait()
  }

  /// Sends a signal and waits for the end.
  func end(by signal: Int32 = SIGINT) throws -> EndedProgram {
    isEnded = true
    program.signal(signal)
    return try program.wait()
  }

  /// `http://127.0.0.1:PORT`.
  var origin: String { String(url.prefix { $0 != "?" }.dropLast()) }
  var token: String { url.components(separatedBy: "token=").last ?? "" }
  var port: String { origin.components(separatedBy: ":").last ?? "" }

  /// What curl gets for a path, or for a whole URL.
  func get(_ path: String, _ words: String...) throws -> Answer { try get(path, words) }

  private func get(_ path: String, _ words: [String]) throws -> Answer {
    let ended = try curl(path.hasPrefix("http") ? path : origin + path, ["-i"] + words).wait()
    guard ended.code == 0 else { throw ProgramError("curl: \(ended.err)") }
    return Answer(ended.out)
  }

  private func curl(_ url: String, _ words: [String]) throws -> RunningProgram {
    try RunningProgram(
      TestTools.path(of: "curl") ?? "/usr/bin/curl", ["-sS", "--noproxy", "*"] + words + [url],
      environment: [:], captures: folder)
  }

  /// The page's path and the cookie that the token gives.
  func enter() throws -> Visit {
    let answer = try get(url)
    guard answer.status == 303, let root = answer.fields["location"],
      let cookie = answer.fields["set-cookie"]?.prefix(while: { $0 != ";" })
    else { throw ProgramError("no entry: \(answer.status) \(answer.body)") }
    return Visit(space: self, root: root, cookie: String(cookie))
  }

  /// Somebody who came with the token.
  struct Visit {
    let space: UISpace
    let root: String
    let cookie: String

    func get(_ path: String, _ words: String...) throws -> Answer {
      try space.get(root + path, ["-H", "Cookie: \(cookie)"] + words)
    }

    /// The text of a path, decoded as JSON by the caller.
    func bytes(_ path: String) throws -> [UInt8] {
      let answer = try get(path)
      guard answer.status == 200 else {
        throw ProgramError("\(path): \(answer.status) \(answer.body)")
      }
      return Array(answer.body.utf8)
    }

    /// Events as they come, until the program is ended.
    func events(_ query: String = "") throws -> RunningProgram {
      try space.curl(space.origin + root + "events" + query, ["-N", "-H", "Cookie: \(cookie)"])
    }
  }
}
