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

  /// A value whose `scheme://user:password@host` shows `<secret>` before the host.
  static func withoutUser(inURL value: String) -> String {
    let bytes = Array(value.utf8)
    let mark = Array("://".utf8)
    guard let colon = bytes.indices.first(where: { bytes[$0...].starts(with: mark) }) else {
      return value
    }
    let start = colon + mark.count
    let end = bytes[start...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.endIndex
    guard let at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")) else { return value }
    return String(decoding: bytes[..<start], as: UTF8.self) + mask
      + String(decoding: bytes[at...], as: UTF8.self)
  }

  /// Whether an option of this name holds a secret, in whichever section it stands.
  public static func isSecret(key: String) -> Bool {
    let name = Array(key.pythonLowered.utf8)
    return ["secret", "token", "password", "passphrase", "private_key", "api_key", "apikey"]
      .contains { word in name.indices.contains { name[$0...].starts(with: word.utf8) } }
  }
}
