// A text of a policy with its variables put in: what is fixed, and what stands for other characters.

/// A variable that the request has no value for, so that its pattern matches nothing.
struct UnknownVariable: Error {
  let name: String
}

/// A pattern of a policy, with the variables of one request put in.
///
/// A value that is put in never acts as a wildcard. Source: the user guide of IAM, "Variables and tags".
struct PolicyPattern {
  private enum Part: Hashable {
    case text([Character])
    /// `*`
    case many
    /// `?`
    case one
  }

  private let parts: [Part]

  private init(parts: [Part]) { self.parts = parts }

  /// - Throws: `UnknownVariable`, where there is neither value nor default.
  init(
    _ text: String, _ context: RequestContext, wildcards: Bool
  ) throws(UnknownVariable) {
    var parts: [Part] = []
    var plain: [Character] = []
    func flush() {
      if !plain.isEmpty { parts.append(.text(plain)) }
      plain = []
    }
    var rest = Substring(text)
    while let first = rest.first {
      if rest.hasPrefix("${"), let end = rest.firstIndex(of: "}") {
        let inside = rest[rest.index(rest.startIndex, offsetBy: 2)..<end]
        plain += try Self.value(of: inside, context)
        rest = rest[rest.index(after: end)...]
        continue
      }
      rest = rest.dropFirst()
      guard wildcards, first == "*" || first == "?" else {
        plain.append(first)
        continue
      }
      flush()
      let part: Part = first == "*" ? .many : .one
      if part != .many || parts.last != .many { parts.append(part) }
    }
    flush()
    self.parts = parts
  }

  private static func value(
    of inside: Substring, _ context: RequestContext
  ) throws(UnknownVariable) -> [Character] {
    if inside == "*" || inside == "?" || inside == "$" { return Array(inside) }
    let parts = inside.split(separator: ",", maxSplits: 1)
    let name = String(parts.first ?? "")
    if let values = context.values(of: name), values.count == 1 { return Array(values[0]) }
    guard parts.count == 2 else { throw UnknownVariable(name: name) }
    let quoted = parts[1].drop { $0 == " " }
    guard quoted.count >= 2, quoted.first == "'", quoted.last == "'" else {
      throw UnknownVariable(name: name)
    }
    return Array(quoted.dropFirst().dropLast())
  }

  /// The same pattern in small letters.
  var lowercased: PolicyPattern {
    PolicyPattern(
      parts: parts.map { part in
        if case .text(let text) = part { .text(Array(String(text).lowercased())) } else { part }
      })
  }

  /// Whether it is the text as a whole.
  func matches(_ text: String) -> Bool { matches(Array(text)[...], parts[...]) }

  /// Whether it is an ARN, of whose first five parts `*` does not cross a colon.
  func matchesARN(_ text: String) -> Bool {
    let own = sections
    let other = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard own.count == 6, other.count == 6 else { return false }
    return zip(own, other).allSatisfy { $0.matches(String($1)) }
  }

  /// The pattern cut at its first five colons.
  private var sections: [PolicyPattern] {
    var sections: [[Part]] = [[]]
    for part in parts {
      guard case .text(let text) = part else {
        sections[sections.count - 1].append(part)
        continue
      }
      let pieces = text.split(
        separator: ":", maxSplits: 6 - sections.count, omittingEmptySubsequences: false)
      for (index, piece) in pieces.enumerated() {
        if index > 0 { sections.append([]) }
        if !piece.isEmpty { sections[sections.count - 1].append(.text(Array(piece))) }
      }
    }
    return sections.map(PolicyPattern.init(parts:))
  }

  private func matches(_ text: ArraySlice<Character>, _ parts: ArraySlice<Part>) -> Bool {
    // The last `*` and where it stood: what follows is tried from there on, so no text takes long.
    var (text, parts) = (text, parts)
    var retry: (text: ArraySlice<Character>, parts: ArraySlice<Part>)?
    while true {
      if case .many? = parts.first {
        parts = parts.dropFirst()
        retry = (text, parts)
        continue
      }
      if parts.isEmpty, text.isEmpty { return true }
      if case .one? = parts.first, !text.isEmpty {
        (text, parts) = (text.dropFirst(), parts.dropFirst())
        continue
      }
      if case .text(let fixed)? = parts.first, text.starts(with: fixed) {
        (text, parts) = (text.dropFirst(fixed.count), parts.dropFirst())
        continue
      }
      guard let last = retry, !last.text.isEmpty else { return false }
      retry = (last.text.dropFirst(), last.parts)
      (text, parts) = (last.text.dropFirst(), last.parts)
    }
  }
}
