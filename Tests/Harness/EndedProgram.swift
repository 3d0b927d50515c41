// What a program under test said and how it ended. It starts nothing.
import Content

/// A program under test that ended.
package struct EndedProgram: Sendable {
  /// As a shell sees it: the exit code, or 128 and the signal.
  package let code: Int32
  /// The signal that ended it, or 0.
  package let signal: Int32
  package let out: String
  package let err: String

  /// The lines of standard output that are JSON.
  package var events: [JSONValue] {
    out.split(separator: "\n").compactMap { try? JSONValue(parsing: Array($0.utf8)) }
  }

  /// Standard output as JSON, a value a line; a line of another kind throws.
  package func lines() throws -> [JSONValue] {
    try out.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
  }

  /// The event with which a step ended.
  package func step(_ name: String) -> JSONValue? {
    events.first { $0["event"] == "step" && $0["step"]?.string == name }
  }

  /// How each step ended.
  package var statuses: [String: String] {
    events.filter { $0["event"] == "step" }.reduce(into: [:]) { statuses, event in
      if let name = event["step"]?.string { statuses[name] = event["status"]?.string }
    }
  }

  /// What became of each delivery.
  package var deliveries: [String: String] {
    events.filter { $0["event"] == "delivery" }.reduce(into: [:]) { statuses, event in
      if let name = event["step"]?.string { statuses[name] = event["status"]?.string }
    }
  }

  /// The digest of a step's output `out`.
  package func digest(of step: String, output: String = "out") throws -> Digest {
    guard
      let text = self.step(step)?["outputs"]?[output]?["digest"]?.string,
      let digest = Digest(text)
    else { throw ProgramError("\(step) has no output '\(output)' in:\n\(out)\n\(err)") }
    return digest
  }
}
