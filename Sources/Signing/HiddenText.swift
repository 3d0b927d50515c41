// A string that is not for eyes: secret keys and session tokens. It knows nothing of AWS.

/// Text that is never shown: not printed, not interpolated, not reflected, not encoded.
///
/// Deliberately without `Codable`.
package struct HiddenText: Sendable, Hashable, CustomStringConvertible,
  CustomDebugStringConvertible,
  CustomReflectable
{
  private let content: String

  /// Hides a string.
  package init(_ content: String) { self.content = content }

  /// The string itself; call it only where it is signed with or sent.
  package func reveal() -> String { content }

  /// A text with `<hidden>` wherever this one stands in it.
  package func hidden(in text: String) -> String {
    let own = Array(content.utf8)
    let all = Array(text.utf8)
    guard !own.isEmpty, all.count >= own.count else { return text }
    var kept: [UInt8] = []
    var position = 0
    while position < all.count {
      if all[position...].starts(with: own) {
        kept += "<hidden>".utf8
        position += own.count
      } else {
        kept.append(all[position])
        position += 1
      }
    }
    return String(decoding: kept, as: UTF8.self)
  }

  /// Always `<hidden>`.
  package var description: String { "<hidden>" }

  /// Always `<hidden>`.
  package var debugDescription: String { "<hidden>" }

  /// A mirror without children.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
