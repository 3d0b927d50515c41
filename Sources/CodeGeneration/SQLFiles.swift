// The files of a family's folder SQL as Swift values. It knows names and texts, no folder.

/// The accessors of a family's SQL files; one that is not there does not compile.
public struct SQLFiles: Sendable {
  private let texts: [(accessor: String, name: String, text: String)]

  /// Reads files by their names in the folder; `folder` is what messages call it.
  public init(folder: String, files: [String: [UInt8]]) throws(GenerationError) {
    var texts: [(accessor: String, name: String, text: String)] = []
    for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw .notUTF8(path: "\(folder)/\(name)")
      }
      guard let accessor = Self.accessor(name) else { throw .sqlName(path: "\(folder)/\(name)") }
      if let other = texts.first(where: { $0.accessor == accessor }) {
        throw .sqlNames(folder: folder, one: other.name, other: name, accessor: accessor)
      }
      texts.append((accessor, name, text))
    }
    self.texts = texts
  }

  /// Whether there is none.
  public var isEmpty: Bool { texts.isEmpty }

  /// The Swift declaration.
  var source: String {
    let accessors = texts.map { accessor, name, text in
      "  static let \(accessor) = Script(name: \(SwiftLiteral.of(name)), text: \(SwiftLiteral.of(text)))"
    }
    return
      "/// The files of the folder SQL.\nenum SQLFile {\n\(accessors.joined(separator: "\n"))\n}"
  }

  /// `repeated_events.sql` as `repeatedEvents`; nil for a name that makes no word.
  private static func accessor(_ name: String) -> String? {
    guard name.hasSuffix(".sql") else { return nil }
    let parts = name.dropLast(4).split(omittingEmptySubsequences: false) {
      ["_", "-", "."].contains($0)
    }
    guard let first = parts.first, first.first?.isLetter == true,
      parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isWord) })
    else { return nil }
    let word = parts.dropFirst().reduce(String(first)) {
      $0 + $1.prefix(1).uppercased() + $1.dropFirst()
    }
    return "`\(word)`"
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
