// What the installer said of a lock, with what to do. It runs nothing.
import AtelierStep

/// uv's complaint as a failure of the user's lock.
struct UnpackProblem {
  let failure: StepFailure

  init(_ message: String, lock: String) {
    let said = Self.plain(message)
    let lower = said.lowercased()
    let name = PythonLock.environment(of: lock)
    let again = "`atelier environment lock \(name) -w WORKSHOP` makes a new lock"
    let advice: String
    if lower.contains("hash mismatch") {
      advice = "the index has other files than the lock names: find out why, or \(again)"
    } else if lower.contains("no wheels with a matching") || lower.contains("no usable wheels")
      || lower.contains("no matching") || lower.contains("not compatible")
    {
      advice = "there is no wheel for this Python and platform: take another version, then \(again)"
    } else if lower.contains("not found in the package registry")
      || lower.contains("404")
    {
      advice = "the index does not have it: correct the name or UV_DEFAULT_INDEX"
    } else if ["failed to fetch", "connect", "dns", "timed out", "error sending request"]
      .contains(where: { lower.contains($0) })
    {
      advice = "the index cannot be reached: check the network and UV_DEFAULT_INDEX"
    } else if ["extract", "zip", "eof", "metadata"].contains(where: { lower.contains($0) }) {
      advice = "a wheel of the index is damaged: try again, or take another version"
    } else {
      advice = again
    }
    failure = StepFailure("\(lock): \(said); \(advice)")
  }

  /// The error and its causes on one line.
  private static func plain(_ message: String) -> String {
    let lines = message.split(separator: "\n").map { line in
      String(line.drop { " ×│╰▶├─?hint".contains($0) && !$0.isLetter })
    }
    let start =
      lines.firstIndex { $0.hasPrefix("error") || $0.hasPrefix("×") || $0.contains("Failed") } ?? 0
    let text = lines[start...].joined(separator: " ")
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let whole = text.hasSuffix(".") ? String(text.dropLast()) : text
    return whole.isEmpty ? "uv failed without a word" : String(whole.prefix(600))
  }
}
