// Names of steps, inputs and outputs that are made many times: one name and a number.

/// Reads names such as `week4.trial.12`.
package enum NumberedName {
  /// The name that numbered ones share: `week4.trial` of `week4.trial.12`; a name without a number itself.
  package static func base(of name: String) -> String {
    guard let dot = name.lastIndex(of: "."), name[name.index(after: dot)...].allSatisfy(\.isNumber)
    else { return name }
    return String(name[..<dot])
  }
}
