// The address of a file on the web, taken apart, so that what may be secret in it is not shown.

/// An http or https URL without user, password and fragment.
package struct WebAddress: Sendable, Hashable, CustomStringConvertible {
  /// Scheme, host and port.
  package let base: ServiceURL
  /// Encoded, from the first slash on.
  package let path: String
  /// What follows the question mark, as it was written; nil without one.
  package let query: String?

  /// Why a text is not such an address.
  ///
  /// No case holds the text, which may have secrets in it.
  package enum Problem: Error, Hashable {
    case noScheme
    case otherScheme(String)
    case user
    case noHost
    /// It has a space, a control character, or one outside ASCII.
    case notEncoded
  }

  /// Parses a URL.
  package init(_ text: String) throws(Problem) {
    guard let scheme = Self.scheme(of: text) else { throw .noScheme }
    guard ["http", "https"].contains(scheme) else { throw .otherScheme(scheme) }
    guard text.utf8.allSatisfy({ $0 > 32 && $0 < 127 && !"\\\"<>^`{|}".utf8.contains($0) }) else {
      throw .notEncoded
    }
    let rest = text.prefix { $0 != "#" }.dropFirst(scheme.utf8.count + 3)
    let authority = rest.prefix { !"/?".contains($0) }
    guard !authority.contains("@") else { throw .user }
    guard let base = ServiceURL("\(scheme)://\(authority)") else { throw .noHost }
    let tail = rest[authority.endIndex...]
    let path = tail.prefix { $0 != "?" }
    self.base = base
    self.path = path.isEmpty ? "/" : String(path)
    query = path.endIndex < tail.endIndex ? String(tail[path.endIndex...].dropFirst()) : nil
  }

  /// The scheme before `://` in lower case; nil where there is none.
  package static func scheme(of text: String) -> String? {
    let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
    guard text[name.endIndex...].hasPrefix("://"), name.first?.isLetter == true else { return nil }
    return name.lowercased()
  }

  /// The address that a redirect names, which may be relative to this one.
  package func redirected(to location: String) throws(Problem) -> WebAddress {
    if Self.scheme(of: location) != nil { return try WebAddress(location) }
    let root = "\(base.scheme)://\(base.authority)"
    if location.hasPrefix("//") { return try WebAddress("\(base.scheme):\(location)") }
    if location.hasPrefix("/") { return try WebAddress(root + location) }
    let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
    return try WebAddress(
      location.hasPrefix("?") ? root + path + location : root + folder + location)
  }

  /// The path with the query, as it is sent.
  var target: String { query.map { "\(path)?\($0)" } ?? path }

  /// The address without its query.
  package var description: String { "\(base)\(path)" }
}
