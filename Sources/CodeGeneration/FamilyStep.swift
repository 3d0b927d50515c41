// What the build knows of one step. It knows no other step.

/// A step of a family: its declaration and the file that is its own.
struct FamilyStep: Sendable {
  let name: String
  let path: String
  let declaration: Declaration
  /// The extensions of the step in its file.
  let extensions: [Declaration]

  /// Everything that the step's type holds by its file.
  var members: [Declaration] { declaration.members + extensions.flatMap(\.members) }

  /// Whether its name is that of its type: it declares no other, and is one type only.
  var isNamedByType: Bool {
    !declaration.isGeneric && !members.contains { $0.name == "stepName" }
  }

  /// The names of the types by which workers find the step: of one with parameters those that its
  /// type aliases name.
  func types() throws(Refusal) -> [String] {
    guard declaration.isGeneric else { return [name] }
    let types = members.filter { $0.kind == "typealias" }.compactMap(\.type)
      .map { $0.filter { $0 != " " } }.filter { $0.hasPrefix("\(name)<") }
    guard !types.isEmpty else {
      throw Refusal(
        path: path, line: declaration.line,
        message: "the step \(name) has parameters, and workers must know for which types: write a "
          + "type alias for each in its extension, such as 'public typealias OfTables = "
          + "\(name)<Table>'")
    }
    return types
  }

  /// The initializer over the stored properties, for other modules; nil where the step has one of its
  /// own, or where no other module can name it.
  func initializer() throws(Refusal) -> String? {
    guard !members.contains(where: { $0.kind == "init" && $0.firstLabel != "from" }),
      let access = declaration.wideAccess, access != "internal"
    else { return nil }
    var parameters: [(name: String, text: String, documentation: [String])] = []
    for property in declaration.members {
      guard let text = try parameter(property) else { continue }
      parameters.append((property.name, text, property.documentation))
    }
    // Swift's own initializer, for the module alone, has the outputs, too; else it would be this one.
    let hasMore = declaration.members.contains { Self.isOutput($0) && $0.kind == "var" }
    guard hasMore, !parameters.isEmpty else {
      throw Refusal(
        path: path, line: declaration.line,
        message: "the build cannot write an initializer for the step \(name), which has "
          + (parameters.isEmpty ? "no input and no parameter" : "no Output")
          + ", since Swift makes the same one for the module alone; write it: '\(access) init("
          + parameters.map(\.text).joined(separator: ", ") + ") {...}'")
    }
    var text = "extension \(name) {\n  /// The step over its inputs and parameters.\n"
    let documented = parameters.filter { !$0.documentation.isEmpty }
    if !documented.isEmpty {
      text += "  ///\n  /// - Parameters:\n"
      for parameter in documented {
        let lines = parameter.documentation.filter { !$0.isEmpty }
        text += "  ///   - \(parameter.name): \(lines.joined(separator: "\n  ///     "))\n"
      }
    }
    text += "  \(access) init(\(parameters.map(\.text).joined(separator: ", "))) {\n"
    for parameter in parameters { text += "    self.\(parameter.name) = \(parameter.name)\n" }
    return text + "  }\n}\n"
  }

  /// The access of the initializer: what is written before the step.
  var access: String { declaration.wideAccess ?? "internal" }

  /// The properties whose values are default arguments of the initializer that the build writes.
  var defaulted: [Declaration] {
    guard ((try? initializer()) ?? nil) != nil else { return [] }
    return declaration.members.filter {
      $0.value != nil && ((try? parameter($0)) ?? nil) != nil
    }
  }

  private static func isOutput(_ property: Declaration) -> Bool {
    (property.type ?? property.value ?? "").filter { $0 != " " }.hasPrefix("Output<")
  }

  /// One parameter; nil for what is no stored property, for outputs and for constants.
  private func parameter(_ property: Declaration) throws(Refusal) -> String? {
    guard ["var", "let"].contains(property.kind), !property.isComputed,
      !property.modifiers.contains("static")
    else { return nil }
    if property.isSeveral {
      throw Refusal(
        path: path, line: property.line,
        message:
          "'\(property.kind)' declares several properties of the step \(name); declare each by "
          + "itself")
    }
    if Self.isOutput(property)
      || property.value != nil && (property.kind == "let" || property.isPrivate)
    {
      return nil
    }
    func refuse(_ why: String) -> Refusal {
      Refusal(
        path: path, line: property.line,
        message: "the property '\(property.name)' of the step \(name) \(why)")
    }
    guard !property.isPrivate else {
      throw refuse("is private, so nobody can give it; give it a value, or write an init")
    }
    if let other = property.attributes.first(where: { $0 != "Unkeyed" }) {
      throw refuse("has @\(other), which the build does not know; write an init")
    }
    guard property.attributes.isEmpty || property.value != nil else {
      // Other files than the step's own reach the value of a wrapper only once it has one.
      throw refuse("has @Unkeyed and no value; give it one, or write an init")
    }
    guard let type = property.type, !type.isEmpty, !property.name.hasPrefix("(") else {
      throw refuse("has no type that the build could read; write it: 'var \(property.name): TYPE'")
    }
    let value = property.value ?? (type.hasSuffix("?") ? "nil" : nil)
    return "\(property.name): \(type)" + (value.map { " = \($0)" } ?? "")
  }
}
