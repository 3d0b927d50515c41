// A declaration of a Swift source as far as the build needs it. It knows no file.

/// A declaration, with its members where it is a type or an extension.
struct Declaration: Equatable, Sendable {
  /// The word that makes it one: `struct`, `var`, `func`, `import`, ...
  var kind: String
  /// Its name; of an extension the type that is extended, of an import what is imported.
  var name: String
  /// The words before the keyword, such as `public` and `private(set)`.
  var modifiers: [String] = []
  /// The attributes without `@` and arguments.
  var attributes: [String] = []
  /// The line of its first token.
  var line: Int
  /// The lines of the comment before it.
  var documentation: [String] = []
  /// The names after a type's colon, with their arguments.
  var inherited: [String] = []
  /// Whether it is within `#if`, so that it may not be there.
  var isConditional = false
  /// Whether the type has parameters.
  var isGeneric = false
  /// What stands in the braces of a type or an extension.
  var members: [Declaration] = []
  /// The type of a property, or what a type alias stands for.
  var type: String?
  /// The initial value of a property.
  var value: String?
  /// Whether one `var` or `let` declares several properties.
  var isSeveral = false
  /// Whether a property has a getter instead of storage.
  var isComputed = false
  /// The label of the first parameter of an initializer.
  var firstLabel: String?

  /// It and everything within it.
  var flattened: [Declaration] { [self] + members.flatMap(\.flattened) }

  /// Whether only its own file can use it.
  var isPrivate: Bool { modifiers.contains("private") || modifiers.contains("fileprivate") }

  /// The access that others have by a modifier, if one is written.
  var wideAccess: String? {
    modifiers.first { ["public", "package", "internal", "open"].contains($0) }
  }
}

/// Something in a family's source that the build refuses.
public struct Refusal: Error, Hashable, CustomStringConvertible {
  /// The path inside the package.
  public let path: String
  /// The line, from 1.
  public let line: Int
  /// What is wrong and what to do.
  public let message: String

  /// As compilers say it.
  public var description: String { "\(path):\(line): error: \(message)" }
}
