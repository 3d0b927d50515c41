// How a run uses the cache, as an option of several verbs.
import CommandLine
import Execution

enum CacheOption {
  /// `--cache rw|ro|off` with its own help.
  static func option(_ help: String) -> Option<RunOptions.CacheMode> {
    let words = ["rw", "ro", "off"]
    return Option("cache", value: "MODE", completion: .words(words), help) { text in
      guard let mode = RunOptions.CacheMode(rawValue: text) else {
        throw UsageError(
          "--cache takes \(words.joined(separator: ", ")), not '\(text)'."
            + Suggestion.text(for: text, among: words))
      }
      return mode
    }
  }
}
