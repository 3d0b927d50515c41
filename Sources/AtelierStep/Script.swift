// A text that a step runs, by the name of its file. It does not know who runs it.

/// The text of a file that a step runs, such as SQL or Python.
///
/// As a step's property its name is a parameter; the text, which the step lists in `sql` or `scripts`,
/// stands in the key there, and is found there again where the step is decoded.
public struct Script: Hashable, Sendable {
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

extension Script: Codable {
  private enum CodingKeys: CodingKey { case name, text }

  /// Reads a script of a step, whose text the decoder knows, or one with its text.
  public init(from decoder: any Decoder) throws {
    if let decoder = decoder as? StepDecoder {
      let name = try decoder.decode(String.self)
      guard let text = decoder.texts[name] else {
        throw decoder.mismatch("the name of a text that the step lists")
      }
      self.init(name: name, text: text)
    } else {
      let members = try decoder.container(keyedBy: CodingKeys.self)
      self.init(
        name: try members.decode(String.self, forKey: .name),
        text: try members.decode(String.self, forKey: .text))
    }
  }

  /// Writes the name of a step's script, elsewhere the text, too.
  public func encode(to encoder: any Encoder) throws {
    if let encoder = encoder as? StepEncoder {
      try encoder.encode(name)
    } else {
      var members = encoder.container(keyedBy: CodingKeys.self)
      try members.encode(name, forKey: .name)
      try members.encode(text, forKey: .text)
    }
  }
}
