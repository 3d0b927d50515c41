// securesystemslib, which judges envelopes that we sign, and signs such that we judge.
import AtelierTesting
import Foundation
import Subprocess

/// Python with securesystemslib.
enum EnvelopeJudge {
  static let advice =
    "no Python with securesystemslib: type .setup/mock.sh, or name one in ATELIER_JUDGE_PYTHON"

  static let python: String? = {
    let named = ProcessInfo.processInfo.environment["ATELIER_JUDGE_PYTHON"]
    return [named, StandIns.python].compactMap(\.self).first { path in
      (try? run(path, ["-c", "import securesystemslib.dsse"]))?.code == 0
    }
  }()

  /// What a program prints, and how it ends.
  static func run(_ program: String, _ arguments: [String]) throws -> (
    code: Int32, out: [UInt8], err: String
  ) {
    var out: [UInt8] = []
    var err: [UInt8] = []
    let exit = try Command(
      executable: program, arguments: arguments, environment: ["PATH": "/usr/bin:/bin"]
    ).run(output: .chunks { out += $0 }, error: .chunks { err += $0 }, timeout: 60)
    guard case .exited(let code) = exit.status else { return (-1, out, "\(exit.status)") }
    return (code, out, String(decoding: err, as: UTF8.self))
  }

  /// What the judge of envelopes prints; nil where it refuses.
  static func says(_ words: String...) throws -> [UInt8]? {
    let script = TestTools.root + "/Tests/Judges/envelopes.py"
    let ended = try run(python ?? "", [script] + words)
    return ended.code == 0 ? ended.out : nil
  }
}
