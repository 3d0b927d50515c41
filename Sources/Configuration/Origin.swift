// Where a value came from. It knows nothing of the value.

/// The layer that decided a value, strongest first.
public enum Origin: Equatable, Sendable {
  /// `--set Section.key=value`.
  case flag
  /// An environment variable.
  case environment(name: String)
  /// The configuration file, at a line counted from one.
  case file(path: String, line: Int)
  /// Nothing was set.
  case defaultValue
}

extension Origin: CustomStringConvertible {
  /// `--set`, the variable's name, `path:line` or `default`.
  public var description: String {
    switch self {
    case .flag: "--set"
    case .environment(let name): "environment variable \(name)"
    case .file(let path, let line): "\(path):\(line)"
    case .defaultValue: "default"
    }
  }
}
