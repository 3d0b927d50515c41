// Values that a document of another program gives. It knows nothing of how the document is read.

/// Settings by their names, each with the member of a document that it comes from.
///
/// Dumping a layer shows no values, for some may be secret.
public struct SettingsLayer: Sendable {
  /// The document's name, as typed.
  public let file: String
  /// What the user should know of the document, as sentences.
  public private(set) var notes: [String] = []
  private(set) var values: [Configuration.Name: Value] = [:]

  struct Value: Sendable {
    let text: String
    let member: String
  }

  /// A layer without values.
  public init(file: String) { self.file = file }

  /// Sets a value, which comes from a member of the document; nil sets nothing.
  public mutating func set(
    _ section: String, _ key: String, _ value: String?, from member: String
  ) {
    guard let value else { return }
    values[Configuration.Name(section, key)] = Value(text: value, member: member)
  }

  /// Adds a sentence for the user.
  public mutating func note(_ text: String) { notes.append(text) }
}

extension SettingsLayer: CustomStringConvertible, CustomReflectable {
  /// How much the layer has, without any value.
  public var description: String { "layer of \(file), \(values.count) values" }

  /// A mirror without children, since the values may be secret.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
