// Where a value came from. It knows nothing of the value.

/// The layer that decided a value, strongest first.
public enum Origin: Equatable, Sendable {
  /// `--set Section.key=value`.
  case flag
  /// An environment variable.
  case environment(name: String)
  /// A document of another program, at a member of it.
  case document(file: String, member: String)
  /// The configuration file, at a line counted from one.
  case file(path: String, line: Int)
  /// Nothing was set.
  case defaultValue
}

extension Origin: CustomStringConvertible {
  /// `--set`, the variable's name, `file: member`, `path:line` or `default`.
  public var description: String {
    switch self {
    case .flag: "--set"
    case .environment(let name): "environment variable \(name)"
    case .document(let file, let member): "\(file): \(member)"
    case .file(let path, let line): "\(path):\(line)"
    case .defaultValue: "default"
    }
  }
}
