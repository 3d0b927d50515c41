// Where an account is: at AWS, or in a folder with the same rules.
import Names

/// An account of AWS, or a folder that stands for one.
package enum AccountPlace: Sendable, Hashable {
  /// The 12 digits of an account.
  case account(String)
  /// A path, as it was typed.
  case folder(String)

  /// Twelve digits, or a path: a text with a slash, or one that begins with `.` or `~`; nil for anything
  /// else.
  package init?(_ text: String) {
    if Self.isAccount(text) {
      self = .account(text)
    } else if Self.isFolder(text) {
      self = .folder(text)
    } else {
      return nil
    }
  }

  /// One name for a folder, however it is typed.
  ///
  /// Below the root it is `./` and the path from there, the same on every machine; else the absolute path.
  /// Links are not followed.
  ///
  /// - Parameters:
  ///   - path: absolute.
  ///   - root: what relative paths are relative to.
  package static func folderName(_ path: String, root: String) -> String {
    let (own, around) = (PathParts.plain(path), PathParts.plain(root))
    guard own.count > around.count, own.starts(with: around) else {
      return own == around ? "." : "/" + own.joined(separator: "/")
    }
    return "./" + own.dropFirst(around.count).joined(separator: "/")
  }

  /// The digits or the path, as typed.
  package var text: String {
    switch self {
    case .account(let id): id
    case .folder(let path): path
    }
  }

  package var isFolder: Bool { if case .folder = self { true } else { false } }

  /// Whether a text is the 12 digits of an account.
  package static func isAccount(_ text: String) -> Bool {
    text.utf8.count == 12 && text.utf8.allSatisfy { (48...57).contains($0) }
  }

  private static func isFolder(_ text: String) -> Bool {
    guard text.contains("/") || text.hasPrefix(".") || text.hasPrefix("~") else { return false }
    return text.unicodeScalars.allSatisfy { $0.value >= 32 && $0 != "\u{7F}" }
  }

  /// What to write instead of a text that is neither.
  static func advice(_ text: String) -> String {
    let digits = text.utf8.allSatisfy { (48...57).contains($0) }
    let form = "the 12 digits of an account, or a folder such as ./accounts/dev"
    guard digits, (9...11).contains(text.utf8.count) else {
      return "expected \(form), found '\(text.prefix(80))'"
    }
    let whole = String(repeating: "0", count: 12 - text.utf8.count) + text
    return "expected \(form), found \(text.utf8.count) digits; where leading zeros were lost, "
      + "write \"\(whole)\""
  }
}
