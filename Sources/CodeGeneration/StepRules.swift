// What the file of a step may hold, so that its code is code of that step alone. It reads
// declarations and words, and writes nothing.
//
// The key of a step holds its own file, the family's files without a step, and all modules that the
// family imports. It leaves out the files of the family's other steps, so none of their code may
// reach this step. Code of a file reaches another in these ways:
// - By name. Everything beside the step must be private or fileprivate, so only the step's type and
//   what is in it has a name elsewhere; and no other file of the family may name a step's type (in
//   code or in an interpolation) or the generated list, which holds them all. Nested types, static
//   members, default arguments and initializers are reached through the step's name only; operators are
//   found without it, so the step's type and what is in it have private ones only.
// - Without a name: members in extensions of other types (private, each of them), conformances of other
//   types (none but to the file's own private protocols), operators and precedence groups (none),
//   attributes that begin with an underscore, such as `@_exported`, `@_cdecl` and
//   `@_dynamicReplacement` (none). A generic function of a shared file that is given the step's type
//   gets it from that step's own code. Key paths and closures over private members are values of that
//   step's run, and a family has no global mutable state to keep them in; each step that is not
//   `inProcess` has a process of its own.
// - By what is imported: an import in one file can show members of its module in another, so the
//   imports of all files are in the key of each step.
// - By conditions and unreadable code: both sides of `#if` count as declared, macros are refused, and
//   so is a source that the tokenizer is not sure of.
// Private overloads count in their own file alone, and so do private aliases such as
// `IntegerLiteralType` (tried with the compiler). Left out is what nobody does by accident: names of
// types as text that the runtime resolves.
// Wiring may name steps: what it makes of them are parameters, which the key holds.

/// The rules for the files of one family.
struct StepRules {
  let family: String
  let sources: [FamilySource]
  let steps: [FamilyStep]

  /// What is refused, in the order of paths and lines.
  var refusals: [Refusal] {
    sources.flatMap { source -> [Refusal] in
      let step = steps.first { $0.path == source.path }
      return names(in: source, of: step)
        + (step.map { declarations(in: source, of: $0) + defaults(of: $0) } ?? [])
    }.sorted { ($0.path, $0.line) < ($1.path, $1.line) }
  }

  private func names(in source: FamilySource, of step: FamilyStep?) -> [Refusal] {
    let others = Set(steps.map(\.name)).subtracting([step?.name ?? ""])
    return source.uses(of: others.union(["\(family)Family"])).map { name, line in
      Refusal(
        path: source.path, line: line,
        message: name == "\(family)Family"
          ? "'\(name)' is the list that the build writes of all steps; no file of the family may use or declare it"
          : "'\(name)' is the step of another file, whose code is not in the key of what stands here; "
            + "move what both need into a file without a step")
    }
  }

  private func defaults(of step: FamilyStep) -> [Refusal] {
    DefaultValues(step: step, shared: sources.flatMap(\.declarations)).refusals
  }

  private func declarations(in source: FamilySource, of step: FamilyStep) -> [Refusal] {
    // Not what a private alias or a private extension names, which is a type of others, nor a type
    // that may not be there, beside which the name could mean another.
    let own = Set(
      source.declarations.filter {
        $0.isPrivate && !$0.isConditional && Self.types.contains($0.kind)
      }.map(\.name)
    ).union([step.name])
    var refusals = source.declarations.flatMap { item -> [Refusal] in
      switch item.kind {
      case "import": return []
      case "extension" where Self.root(of: item) == step.name: return operators(of: item, source)
      case "extension" where own.contains(Self.root(of: item)): return []
      case "extension": return foreign(item, own: own, source)
      case "struct" where item.name == step.name: return operators(of: item, source)
      case "operator", "precedencegroup", "macro":
        return [shared(item, source, "\(item.kind) \(item.name)", step)]
      default: return item.isPrivate ? [] : [shared(item, source, "'\(item.name)'", step)]
      }
    }
    for (index, text) in source.tokens.texts.enumerated().dropFirst()
    where text.hasPrefix("_") && source.tokens.texts[index - 1] == "@" {
      refusals.append(
        Refusal(
          path: source.path, line: source.tokens.lines[index],
          message: "@\(text) may reach beyond this file; a file with a step may not use it"))
    }
    return refusals
  }

  /// The type that an extension of it, or of a type in it, begins with.
  private static func root(of item: Declaration) -> String {
    String(item.name.prefix { $0 != "." })
  }

  /// The operators in a step's type that other files could find.
  private func operators(of type: Declaration, _ source: FamilySource) -> [Refusal] {
    type.members.flatMap { member -> [Refusal] in
      let isHidden = member.isPrivate || type.isPrivate && member.wideAccess == nil
      guard !isHidden else { return [] }
      let isWord = member.name.first.map { $0.isLetter || $0 == "_" || $0 == "`" } ?? false
      guard member.kind == "func", !isWord else { return operators(of: member, source) }
      return [
        Refusal(
          path: source.path, line: member.line,
          message: "an operator of \(type.name) is found in other files without its name; make it "
            + "private, or move it with its types into a file without a step")
      ]
    }
  }

  private static let types: Set<String> = ["struct", "enum", "class", "actor", "protocol"]

  /// What an extension of a type that is not the file's own may not do.
  private func foreign(
    _ item: Declaration, own: Set<String>, _ source: FamilySource
  ) -> [Refusal] {
    if let conformance = item.inherited.first(where: { !own.contains($0) }) {
      return [
        Refusal(
          path: source.path, line: item.line,
          message: "the conformance of \(item.name) to \(conformance) holds in all files; move it "
            + "into a file without a step")
      ]
    }
    return item.members.filter { $0.kind != "case" }
      .filter { $0.wideAccess != nil || !($0.isPrivate || item.isPrivate) }
      .map { member in
        Refusal(
          path: source.path, line: member.line,
          message:
            "'\(member.name)' of \(item.name) could be used in other files; make it private, or "
            + "move it into a file without a step")
      }
  }

  private func shared(
    _ item: Declaration, _ source: FamilySource, _ what: String, _ step: FamilyStep
  ) -> Refusal {
    Refusal(
      path: source.path, line: item.line,
      message:
        "\(what) beside the step \(step.name) could be used in other files, whose keys do not "
        + "hold this one; make it private, or move it into a file without a step")
  }
}
