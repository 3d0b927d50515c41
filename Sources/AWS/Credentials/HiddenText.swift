// A string that is not for eyes: secret keys and session tokens. It knows nothing of AWS.

/// Text that is never shown: not printed, not interpolated, not reflected, not encoded.
///
/// Deliberately without `Codable`.
public struct HiddenText: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  private let content: String

  /// Hides a string.
  public init(_ content: String) { self.content = content }

  /// The string itself; call it only where it is signed with or sent.
  public func reveal() -> String { content }

  /// Always `<hidden>`.
  public var description: String { "<hidden>" }

  /// Always `<hidden>`.
  public var debugDescription: String { "<hidden>" }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
