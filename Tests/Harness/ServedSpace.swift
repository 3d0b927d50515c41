// A model server of a test: the program serves on a port of this machine until the value goes.
import AtelierTesting
import Foundation
import HTTP
import XGBoost

/// A started `atelier serve`.
package final class ServedSpace {
  package let program: RunningProgram
  package let port: UInt16
  private var isEnded = false

  /// Waits until `GET /ping` says 200.
  package init(_ start: (UInt16) throws -> RunningProgram) throws {
    port = try LoopbackPort.free()
    program = try start(port)
    let end = Date().addingTimeInterval(120)
    while try status("/ping") != 200 {
      if program.hasEnded {
        isEnded = true
        throw ProgramError("it does not serve: \(try program.said())")
      }
      guard Date() < end else { throw ProgramError("no answer: \(try program.said())") }
      usleep(20_000)
    }
  }

  deinit {
    guard !isEnded else { return }
    program.signal(SIGKILL)
    _ = try? program.wait()
  }

  /// Sends a signal and waits for the end.
  package func end(by signal: Int32 = SIGTERM) throws -> EndedProgram {
    isEnded = true
    program.signal(signal)
    return try program.wait()
  }

  package var url: String { "http://127.0.0.1:\(port)" }

  private func ask(_ request: HTTPRequest) throws -> (HTTPHead, String) {
    let sink = MemorySink(limit: 1 << 24)
    let answer = try CurlTransport().perform(request, sink: sink) { false }
    let body = answer.head.succeeded ? sink.bytes : answer.errorBody
    return (answer.head, String(decoding: body, as: UTF8.self))
  }

  private var base: ServiceURL { ServiceURL(scheme: "http", host: "127.0.0.1", port: port) }

  /// The status of a GET; nil when nobody listens.
  package func status(_ path: String) throws -> Int? {
    do {
      return try ask(HTTPRequest("GET", base, path: path)).0.status
    } catch let failure as TransportFailure where failure.kind != .library {
      return nil
    }
  }

  /// The answer to rows of CSV.
  package func predictions(_ rows: String) throws -> (model: String?, body: String) {
    let (head, body) = try ask(
      HTTPRequest(
        "POST", base, path: "/invocations", fields: [HTTPField("Content-Type", "text/csv")],
        body: .bytes(Array(rows.utf8))))
    guard head.status == 200 else { throw ProgramError("\(head.status): \(body)") }
    return (head["X-Atelier-Model"], body)
  }

  // MARK: - Loads

  /// What became of the requests of a load.
  package struct Load {
    package var good = 0
    package var bad = 0
    /// Sent and not answered.
    package var broken = 0
    package var refused = 0
    package var models: Set<String> = []

    package init(_ text: String) throws {
      guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("RESULT ") }) else {
        throw ProgramError("no result in: \(text)")
      }
      let halves = line.split(separator: "=").isEmpty ? [] : line.components(separatedBy: "models=")
      for word in halves[0].split(separator: " ").dropFirst() {
        let parts = word.split(separator: "=")
        let value = Int(parts.last ?? "") ?? 0
        switch parts.first {
        case "good": good = value
        case "bad": bad = value
        case "broken": broken = value
        default: refused = value
        }
      }
      models = Set(halves[1].split(separator: " ").map(String.init))
    }
  }

  /// Starts a load of so many connections, whose clients close when they are asked to.
  package func load(
    seconds: Int, connections: Int, in folder: TemporaryFolder
  ) throws -> RunningProgram {
    try RunningProgram(
      TestTools.path(of: "python3") ?? "/usr/bin/python3",
      [
        TestTools.root + "/Tests/Harness/serve_load.py", "\(port)", "\(seconds)",
        "\(connections)",
      ], environment: [:], captures: folder)
  }
}

/// Small models, trained once.
package enum TestModels {
  package static let first = Result { try train(rounds: 4) }
  package static let second = Result { try train(rounds: 9) }
  /// One of four features; the others have three.
  package static let wide = Result { try train(rounds: 4, columns: 4) }

  private static func train(rounds: Int, columns: Int = 3) throws -> [UInt8] {
    let values = (0..<(300 * columns)).map { Float($0 * $0 % 101) }
    let labels = (0..<300).map { row in values[row * columns] > 50 ? Float(1) : 0 }
    let matrix = try DMatrix(
      XGBoostLibrary(path: TestTools.path(of: "xgboost") ?? ""), values: values, columns: columns,
      labels: labels)
    return try Booster(
      training: matrix, rounds: rounds, parameters: [("objective", "binary:logistic")]
    ).modelBytes()
  }
}
