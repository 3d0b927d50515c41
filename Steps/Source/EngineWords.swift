// Words a failure of DuckDB for the one who gave the file: no option of DuckDB and no path of ours.
import AtelierStep

/// What is left to say where the engine itself refuses a file.
enum EngineWords {
  /// The failure with the user's name of the file.
  static func failure(_ failure: StepFailure, name: String, in context: StepContext) -> StepFailure
  {
    let text = failure.description
    if text.contains("No magic bytes found") || text.contains("too small to be a Parquet file") {
      return StepFailure("\(name): the file is not Parquet, or it ends early; get it again")
    }
    let lines = text.split(separator: "\n").prefix {
      !$0.hasPrefix("Possible") && !$0.hasPrefix("LINE ") && !$0.hasPrefix("Try setting")
    }
    var words = lines.first.map(String.init) ?? "no reason given"
    if let mark = words.range(of: " Error: ") { words = String(words[mark.upperBound...]) }
    return StepFailure(
      "\(name): the file cannot be read: " + words.replacing(context.directory + "/", with: ""))
  }
}

extension String {
  /// Where another string stands in this one, without Foundation.
  fileprivate func range(of other: String) -> Range<String.Index>? { firstRange(of: other) }
}
