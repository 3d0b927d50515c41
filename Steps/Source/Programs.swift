// The programs and libraries that this family's steps name. It starts none.
import AtelierStep

extension Program {
  /// The library that performs the exchange.
  public static let libcurl = Program("libcurl", isExecutable: false)
  /// The Python interpreter of the system.
  static let python = Program("python3", python: .standard)
  /// The wheels that Python loads, as files: so their digests are in the key.
  static let openpyxl = Program("openpyxl", isExecutable: false)
  static let etXMLFile = Program("et-xmlfile", isExecutable: false)
}
