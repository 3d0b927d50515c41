// The keys a program reads. It knows nothing of what they are set to.

/// An option that the program reads, for checks and listings.
public struct KnownKey: Hashable, Sendable {
  /// The section's name, case-sensitive.
  public let section: String
  /// The option's name in lower case.
  public let key: String
  /// The value where nothing is set; nil if the key is required or simply absent.
  public let defaultValue: String?

  /// Names an option and the default that its reader gives it.
  public init(_ section: String, _ key: String, default defaultValue: String? = nil) {
    self.section = section
    self.key = key.pythonLowered
    self.defaultValue = defaultValue
  }

  /// `ATELIER_<SECTION>_<KEY>`: upper case, with `_` for what is no letter or digit.
  var environmentName: String { Self.environmentName(section, key) }

  static func environmentName(_ section: String, _ key: String) -> String {
    environmentPrefix(section)
      + key.uppercased().map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
  }

  /// `ATELIER_<SECTION>_`, with which the names of a section's variables begin.
  static func environmentPrefix(_ section: String) -> String {
    "ATELIER_"
      + section.uppercased().map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined() + "_"
  }
}
