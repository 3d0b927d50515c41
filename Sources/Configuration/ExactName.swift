// A name compared code unit by code unit. It knows nothing of sections or files.

/// A section's or option's name as a dictionary key.
///
/// Swift's `String` holds a composed and a decomposed `é` for equal; ConfigParser does not.
struct ExactName: Hashable, Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (a: ExactName, b: ExactName) -> Bool { a.text.isExactly(b.text) }

  func hash(into hasher: inout Hasher) {
    for unit in text.utf8 { hasher.combine(unit) }
  }
}

extension String {
  /// Whether both have the very same code units.
  func isExactly(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
