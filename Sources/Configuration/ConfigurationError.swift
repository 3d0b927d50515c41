// What can be wrong with layered values, and the sentences that say so. It knows nothing of the
// ini syntax.

/// Why a value cannot be had, or why a name that someone set is taken for a mistake.
///
/// No case carries a secret: `found` is masked where the key is one.
public enum ConfigurationError: Error, Equatable, Sendable {
  /// A required value that no layer sets; `file` is nil without a configuration file.
  case missing(section: String, key: String, file: String?)
  /// A value that is not what its reader expects.
  case wrongType(section: String, key: String, origin: Origin, found: String, expected: String)
  /// A secret asked for as plain text.
  case secretAsText(section: String, key: String)
  /// An override that is not written `Section.key`.
  case malformedOverride(name: String)
  /// Two overrides of one option that differ only in the case of its name.
  case ambiguousOverride(section: String, key: String)
  /// An override of an option that nobody reads.
  case unknownOverride(name: String, suggestion: String?)
  /// An environment variable of a known section that nobody reads, or nearly one that is read.
  case unknownVariable(name: String, suggestion: String?)
  /// A section of the file whose name is nearly one that is read.
  case misspelledSection(file: String, line: Int, section: String, suggestion: String)
  /// An option of the file whose name is nearly one that is read and not set beside it.
  case misspelledKey(file: String, line: Int, section: String, key: String, suggestion: String)
  /// More than one mistake, in the order of overrides, variables, file.
  case several([ConfigurationError])
}

extension ConfigurationError: CustomStringConvertible {
  /// Where it is, what was found, what was expected and what to do.
  public var description: String {
    switch self {
    case .missing(let section, let key, let file):
      "\(section).\(key) is not set; set it "
        + (file.map { "under [\(section)] in \($0), " } ?? "")
        + "with --set \(section).\(key)=... or with "
        + KnownKey.environmentName(section, key)
    case .wrongType(let section, let key, let origin, let found, let expected):
      "\(origin): \(section).\(key): expected \(expected), found '\(found)'"
    case .secretAsText(let section, let key):
      "\(section).\(key) holds a secret; read it with secret(_:_:)"
    case .malformedOverride(let name): "--set \(name): expected Section.key=value"
    case .ambiguousOverride(let section, let key):
      "--set \(section).\(key) is given more than once; give it once"
    case .unknownOverride(let name, let suggestion):
      "--set \(name): no such key" + Self.hint(suggestion)
    case .unknownVariable(let name, let suggestion):
      "environment variable \(name) names no key" + Self.hint(suggestion)
    case .misspelledSection(let file, let line, let section, let suggestion):
      "\(file):\(line): unknown section [\(section)]; did you mean [\(suggestion)]?"
    case .misspelledKey(let file, let line, let section, let key, let suggestion):
      "\(file):\(line): unknown key \(section).\(key); did you mean '\(suggestion)'?"
    case .several(let errors): errors.map(\.description).joined(separator: "\n")
    }
  }

  private static func hint(_ suggestion: String?) -> String {
    suggestion.map { "; did you mean \($0)?" } ?? ""
  }
}
