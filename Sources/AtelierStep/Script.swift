// A text that a step runs, by the name of its file. It does not know who runs it.

/// The text of a file that a step runs, such as SQL or Python.
public struct Script: Codable, Hashable, Sendable {
  /// The name of the file, for example `daily.sql`.
  public let name: String
  /// The text.
  public let text: String

  /// A text under the name of its file.
  public init(name: String, text: String) {
    self.name = name
    self.text = text
  }

  /// The text by the name of its file, as `Step.sql` and `Step.scripts` list it.
  public var named: [String: String] { [name: text] }
}
