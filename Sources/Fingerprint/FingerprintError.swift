// What can go wrong when the build makes a fingerprint. It does not print.

/// A failure of the build's fingerprint tool; each stops the build.
public enum FingerprintError: Error, Hashable, CustomStringConvertible {
  case libcrypto
  case unreadable(path: String)
  case unwritable(path: String, reason: String)
  case badPath(String)
  case repeatedPath(String)
  case badText(name: String, value: String)
  case noVersion(compiler: String, found: String)
  case usage(String)

  /// The error in one sentence.
  public var description: String {
    switch self {
    case .libcrypto: "libcrypto could not compute SHA-256"
    case .unreadable(let path): "cannot read the source \(path)"
    case .unwritable(let path, let reason): "cannot write \(path): \(reason)"
    case .badPath(let path):
      "the source \(path) is not a relative path inside the package; "
        + "a family may only depend on targets of its own package"
    case .repeatedPath(let path): "the source \(path) is listed twice"
    case .badText(let name, let value):
      "the \(name) '\(value)' is empty or not one printable line"
    case .noVersion(let compiler, let found):
      "'\(compiler) --version' failed, so there is no code fingerprint; it said: \(found)"
    case .usage(let found): "\(found); see the plugin for how the tool is called"
    }
  }
}
