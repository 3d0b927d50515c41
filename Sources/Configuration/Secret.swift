// A value that must not be seen, and which keys hold one. It knows nothing of where it came from.

/// A string that no log, dump, mirror or encoder shows.
///
/// It is not `Encodable` on purpose, so that it cannot become a step's parameter.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// What is shown in place of a secret.
  static let mask = "<secret>"

  private let content: String

  /// Hides a string.
  public init(_ content: String) { self.content = content }

  /// The string itself; call it only where it leaves for the service that wants it.
  public func reveal() -> String { content }

  /// Always `<secret>`.
  public var description: String { Self.mask }

  /// Always `<secret>`.
  public var debugDescription: String { Self.mask }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// A value with `<secret>` for the user and password in a URL, and for the query of one on the web,
  /// which may be a signature.
  static func masked(inURL value: String) -> String {
    let (address, query) = webQuery(of: withoutUser(inURL: value))
    return query == nil ? address : "\(address)?\(mask)"
  }

  /// A URL on the web without its query; any other value as it is.
  public static func withoutQuery(inURL value: String) -> String { webQuery(of: value).address }

  /// An http or https URL up to its question mark, and what follows it.
  private static func webQuery(of value: String) -> (address: String, query: Substring?) {
    let scheme = value.prefix(8).lowercased()
    guard scheme.hasPrefix("http://") || scheme == "https://",
      let mark = value.utf8.firstIndex(of: UInt8(ascii: "?"))
    else { return (value, nil) }
    return (String(value[..<mark]), value[value.utf8.index(after: mark)...])
  }

  /// A value whose `scheme://user:password@host` shows `<secret>` before the host.
  private static func withoutUser(inURL value: String) -> String {
    let bytes = Array(value.utf8)
    let mark = Array("://".utf8)
    // By its first byte, since a value may be long.
    var place = bytes.firstIndex(of: mark[0])
    while let found = place, !bytes[found...].starts(with: mark) {
      place = bytes[(found + 1)...].firstIndex(of: mark[0])
    }
    guard let colon = place else { return value }
    let start = colon + mark.count
    let end = bytes[start...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.endIndex
    guard let at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")) else { return value }
    return String(decoding: bytes[..<start], as: UTF8.self) + mask
      + String(decoding: bytes[at...], as: UTF8.self)
  }

  /// Whether an option of this name holds a secret, in whichever section it stands.
  ///
  /// Names of sections that nobody knows count, too: a file may be shared with other programs.
  public static func isSecret(key: String) -> Bool {
    let lowered = key.pythonLowered
    let name = Array(lowered.utf8)
    let isPart = [
      "secret", "token", "password", "passwd", "passphrase", "credential", "apikey",
      "connection_string", "connectionstring",
    ].contains { word in name.indices.contains { name[$0...].starts(with: word.utf8) } }
    // Short words as words of their own: an author is no authorization, and a key's name is no key.
    let words = lowered.split { !($0.isLetter || $0.isNumber) }
    return isPart || words.contains { ["pwd", "pw", "auth", "authorization", "sas"].contains($0) }
      || (words.count > 1 && words.last == "key")
  }
}
