// Words a failure of DuckDB for the one who gave the file: no option of DuckDB and no path of ours.
import AtelierStep
import DuckDB

/// What is left to say where the engine itself refuses a file.
enum EngineWords {
  /// Asks DuckDB; a failure of it is worded for the one who gave the file.
  static func asking<Answer>(
    name: String, in context: StepContext, _ body: (DuckDB) throws -> Answer
  ) throws -> Answer {
    do {
      return try body(DuckDB(in: context))
    } catch let failure as StepFailure {
      throw Self.failure(failure, name: name, in: context)
    }
  }

  /// The failure with the user's name of the file.
  private static func failure(_ failure: StepFailure, name: String, in context: StepContext)
    -> StepFailure
  {
    let text = failure.description
    if text.contains("No magic bytes found") || text.contains("too small to be a Parquet file") {
      return StepFailure("\(name): the file is not Parquet, or it ends early; get it again")
    }
    let lines = text.split(separator: "\n").prefix {
      !$0.hasPrefix("Possible") && !$0.hasPrefix("LINE ") && !$0.hasPrefix("Try setting")
    }
    var words = lines.first.map(String.init) ?? "no reason given"
    if let mark = words.firstRange(of: " Error: ") { words = String(words[mark.upperBound...]) }
    return StepFailure(
      "\(name): the file cannot be read: " + words.replacing(context.directory + "/", with: ""))
  }
}

/// A Parquet file, whose path is the variable `file`.
enum ParquetFile {
  static let relation = "read_parquet(getvariable('file'), binary_as_string = true)"

  static func columns(
    _ path: String, name: String, in context: StepContext
  ) throws -> [SQLColumn] {
    try EngineWords.asking(name: name, in: context) {
      try $0.columns(of: relation, with: ["file": .text(path)])
    }
  }
}
