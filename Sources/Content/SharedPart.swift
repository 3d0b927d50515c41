// A part of key documents that many steps have in common, as bytes that are made once.

/// A JSON object of a key document that is the same for many steps.
///
/// A step's code is a hundred files: their digests are put into canonical form when the program is
/// built, not once a step.
public struct SharedPart: Hashable, Sendable {
  /// Canonical JSON.
  public let text: String

  /// Takes a text that is canonical JSON already.
  public init(canonical text: String) { self.text = text }

  /// A part with these texts by name.
  public init(_ texts: [String: String]) {
    // Texts always have a canonical form: only numbers may lack one.
    text =
      (try? JSONValue.object(texts.mapValues(JSONValue.string)).canonicalText()) ?? "{}"
  }

  /// The part as a value; null for a text that is no JSON.
  public var json: JSONValue { (try? JSONValue(parsing: text)) ?? .null }

  /// The texts by name; nil where the part is anything else.
  public var texts: [String: String]? {
    guard let members = json.object else { return nil }
    let texts = members.compactMapValues(\.string)
    return texts.count == members.count ? texts : nil
  }

  init?(json: JSONValue) {
    guard json.object != nil, let text = try? json.canonicalText() else { return nil }
    self.text = text
  }
}
