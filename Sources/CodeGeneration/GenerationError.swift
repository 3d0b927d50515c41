// What can go wrong when the build writes code. It does not print.

/// A failure of the build's code generator; each stops the build.
public enum GenerationError: Error, Hashable, CustomStringConvertible {
  /// A file whose bytes are no UTF-8 text.
  case notUTF8(path: String)
  /// A workshop's target without exactly one type for it.
  case workshopType(target: String, found: [String])

  /// The error in one sentence.
  public var description: String {
    switch self {
    case .notUTF8(let path):
      "\(path) is not UTF-8 text; save it as UTF-8, or move it out of the folder"
    case .workshopType(let target, let found):
      "the target \(target) has \(found.isEmpty ? "no type" : "the types \(found.joined(separator: ", "))") "
        + "that is a Workshop; expected one `enum NAME: Workshop`, not within another type"
    }
  }
}
