// What a registry asks for before it answers: the field WWW-Authenticate of a refusal.

/// How a registry wants to know who pushes.
enum RegistryChallenge: Hashable, Sendable {
  /// User and password with each request.
  case basic
  /// A token of the server at `realm`.
  case bearer(realm: String, service: String?, scope: String?)

  /// Parses `Bearer realm="...",service="...",scope="..."` or `Basic realm="..."`; nil for others.
  init?(_ field: String) {
    let scheme = field.prefix { $0 != " " }
    let parameters = Self.parameters(field[scheme.endIndex...])
    switch scheme.lowercased() {
    case "basic": self = .basic
    case "bearer":
      guard let realm = parameters["realm"] else { return nil }
      self = .bearer(realm: realm, service: parameters["service"], scope: parameters["scope"])
    default: return nil
    }
  }

  /// `name=value` or `name="value"`, with commas between them; `\` keeps the next character.
  private static func parameters(_ text: Substring) -> [String: String] {
    var parameters: [String: String] = [:]
    var rest = text
    while true {
      rest = rest.drop { $0 == " " || $0 == "," || $0 == "\t" }
      let name = rest.prefix { $0 != "=" }
      guard !name.isEmpty, name.endIndex < rest.endIndex else { return parameters }
      rest = rest[rest.index(after: name.endIndex)...]
      var value = ""
      if rest.first == "\"" {
        rest = rest.dropFirst()
        while let character = rest.popFirst(), character != "\"" {
          value.append(character == "\\" ? rest.popFirst() ?? character : character)
        }
      } else {
        let word = rest.prefix { $0 != "," && $0 != " " }
        value = String(word)
        rest = rest[word.endIndex...]
      }
      parameters[name.lowercased()] = value
    }
  }
}
