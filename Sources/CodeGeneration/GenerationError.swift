// What can go wrong when the build writes code. It does not print.

/// A failure of the build's code generator; each stops the build.
public enum GenerationError: Error, Hashable, CustomStringConvertible {
  /// A file whose bytes are no UTF-8 text.
  case notUTF8(path: String)
  /// A workshop's target without exactly one type for it.
  case workshopType(target: String, found: [String])
  /// What a family's sources may not hold.
  case refused([Refusal])
  /// A file of a folder SQL whose name makes no word of Swift.
  case sqlName(path: String)
  /// Two files of a folder SQL whose names make one word of Swift.
  case sqlNames(folder: String, one: String, other: String, accessor: String)
  /// Two files of a target whose names make one word of Swift.
  case fileNames(folder: String, one: String, other: String, name: String)

  /// The error in one sentence; of refusals each on its own line.
  public var description: String {
    switch self {
    case .notUTF8(let path):
      "\(path) is not UTF-8 text; save it as UTF-8, or move it out of the folder"
    case .workshopType(let target, let found):
      "the target \(target) has \(found.isEmpty ? "no type" : "the types \(found.joined(separator: ", "))") "
        + "that is a Workshop; expected one `enum NAME: Workshop`, not within another type"
    case .refused(let refusals): refusals.map(\.description).joined(separator: "\n")
    case .sqlName(let path):
      "\(path): expected a name of letters, digits, '_', '-' and '.' that begins with a letter and ends "
        + "with .sql; rename the file"
    case .sqlNames(let folder, let one, let other, let accessor):
      "\(folder): '\(one)' and '\(other)' would both be \(accessor); rename one"
    case .fileNames(let folder, let one, let other, let name):
      "\(folder): '\(one)' and '\(other)' would both be \(name); rename one"
    }
  }
}
