// Which values of a step's properties the initializer that the build writes can have as default
// arguments. It writes nothing.

/// The rule for the values of one step's properties.
///
/// A default argument is code of the caller, which may be in another module: what it names must be as
/// visible as the initializer. The compiler's message would be about the generated source.
struct DefaultValues {
  let step: FamilyStep
  /// What the family declares outside of all braces.
  let shared: [Declaration]

  /// What is refused, at the line of the property.
  var refusals: [Refusal] {
    step.defaulted.compactMap { property in
      guard let value = property.value, let hidden = hiddenName(in: value) else { return nil }
      return Refusal(
        path: step.path, line: property.line,
        message:
          "the property '\(property.name)' of the step \(step.name) has the value '\(value)', and "
          + "'\(hidden)' is not \(step.access), as the initializer is that the build writes; make it "
          + "\(step.access), write the value out, or write an init")
    }
  }

  private func hiddenName(in value: String) -> String? {
    Self.chains(in: value).compactMap { chain -> String? in
      guard let first = chain.first else { return nil }
      guard ["Self", step.name].contains(first) else {
        let all = named(first, among: shared.map { ($0, nil) }) + named(first, among: members)
        return isHidden(all) ? first : nil
      }
      return chain.dropFirst().first.flatMap { isHidden(named($0, among: members)) ? $0 : nil }
    }.first
  }

  /// A declaration with the access that its extension gives.
  private typealias Item = (declaration: Declaration, outer: String?)

  private var members: [Item] {
    step.declaration.members.map { ($0, nil) }
      + step.extensions.flatMap { outer in
        outer.members.map { ($0, outer.isPrivate ? "private" : outer.wideAccess) }
      }
  }

  private func named(_ name: String, among items: [Item]) -> [Item] {
    items.filter { $0.declaration.name == name && $0.declaration.kind != "extension" }
  }

  /// Whether there are such declarations, none of them as visible as the initializer.
  private func isHidden(_ items: [Item]) -> Bool {
    let enough = ["public", "open"] + (step.access == "package" ? ["package"] : [])
    return !items.isEmpty
      && items.allSatisfy { item in
        let access = item.declaration.isPrivate ? "private" : item.declaration.wideAccess
        return !enough.contains(access ?? item.outer ?? "internal")
      }
  }

  /// The names of a value with their members, such as `Self.limit`; not those in string literals, nor
  /// the labels of arguments.
  private static func chains(in value: String) -> [[String]] {
    var chains: [[String]] = []
    var word = ""
    var isText = false
    for character in value + " " {
      if !isText, character.isLetter || character.isNumber || "_.`".contains(character) {
        word.append(character)
        continue
      }
      // A member of a value that stands before it, such as `.ascending`, begins with its point.
      if !word.isEmpty, !word.hasPrefix("."), character != ":" {
        chains.append(word.filter { $0 != "`" }.split(separator: ".").map(String.init))
      }
      word = ""
      if character == "\"" { isText.toggle() }
    }
    return chains
  }
}
