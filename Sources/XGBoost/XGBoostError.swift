// What can go wrong in XGBoost, in words for people. It knows nothing of steps.

/// A failure of the XGBoost library or of what it was given.
public enum XGBoostError: Error, Hashable, CustomStringConvertible {
  /// The library could not be opened.
  case library(path: String, reason: String)
  /// A call failed; the reason is the library's own, without time, source position and stack.
  case call(_ function: String, reason: String)
  /// Values, columns and labels do not fit each other.
  case shape(String)

  /// The error in one sentence.
  public var description: String {
    switch self {
    case .library(let path, let reason):
      "cannot open the XGBoost library '\(path)': \(reason). Install the pinned wheel"
        + " xgboost-cpu 3.2.0 (macOS: xgboost 3.2.0 and libomp) or point to it"
    case .call(let function, let reason): "XGBoost failed in \(function): \(reason)"
    case .shape(let text): "XGBoost was given data that do not fit: \(text)"
    }
  }

  /// The library's message without `[12:34:56] `, `.../file.cc:123: ` and the stack trace.
  static func cleaned(_ message: String) -> String {
    var text = Substring(message)
    for mark in ["Stack trace:", "\nC++ Traceback"] {
      if let range = text.firstRange(of: mark) { text = text[..<range.lowerBound] }
    }
    text = text.drop(while: \.isWhitespace)
    if text.hasPrefix("["), let end = text.firstRange(of: "] "),
      text.dropFirst()[..<end.lowerBound].allSatisfy({ $0.isNumber || $0 == ":" })
    {
      text = text[end.upperBound...]
    }
    // `src/objective/objective.cc:29: `: a source position, in front of the reason.
    if let end = text.firstRange(of: ": ") {
      let parts = text[..<end.lowerBound].split(separator: ":")
      if parts.count == 2, parts[1].allSatisfy(\.isNumber),
        !parts[0].contains(where: \.isWhitespace),
        [".cc", ".h", ".cu", ".cuh", ".hpp"].contains(where: parts[0].hasSuffix)
      {
        text = text[end.upperBound...]
      }
    }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text.isEmpty ? "no reason given" : String(text)
  }
}
