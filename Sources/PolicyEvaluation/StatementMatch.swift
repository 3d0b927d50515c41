// Whether a statement is about a request, and if not quite, why not.

/// How a statement stands to a request.
enum StatementMatch {
  /// It is about another principal, action or resource.
  case other
  /// A condition does not hold: why, in one sentence.
  case condition(String)
  case matches

  init(_ statement: PolicyStatement, _ context: RequestContext) {
    guard Self.hasAction(statement.actions, context) else {
      self = .other
      return
    }
    do {
      if let resources = statement.resources {
        let hit = try resources.patterns.contains {
          try PolicyPattern($0, context, wildcards: true).matches(context.resource)
        }
        guard hit != resources.isNegated else {
          self = .other
          return
        }
      }
      for condition in statement.conditions {
        if let reason = try Self.failure(of: condition, context) {
          self = .condition(reason)
          return
        }
      }
      self = .matches
    } catch let unknown as UnknownVariable {
      self = .condition("the request has no \(unknown.name)")
    } catch {
      self = .other
    }
  }

  private static func hasAction(_ actions: PolicyChoice, _ context: RequestContext) -> Bool {
    let action = context.action.lowercased()
    let hit = actions.patterns.contains { pattern in
      (try? PolicyPattern(pattern.lowercased(), context, wildcards: true))?.matches(action) ?? false
    }
    return hit != actions.isNegated
  }

  /// Why a condition does not hold, or nil.
  private static func failure(
    of condition: PolicyCondition, _ context: RequestContext
  ) throws(UnknownVariable) -> String? {
    let comparison = condition.comparison
    let found = context.values(of: condition.key)
    if comparison.comparison == .null {
      let isAbsent = found?.isEmpty ?? true
      let wanted = condition.values.contains { $0.lowercased() == "true" }
      guard isAbsent != wanted else { return nil }
      return "the request has \(isAbsent ? "no" : "a") \(condition.key)"
    }
    guard let found, !found.isEmpty else {
      // All of none match, none of none does; else what is absent differs from all.
      let holds =
        switch comparison.quantifier {
        case .all: true
        case .any: false
        case nil: comparison.ifExists || comparison.isNegated
        }
      return holds ? nil : "the request has no \(condition.key)"
    }
    var patterns: [PolicyPattern] = []
    for value in condition.values {
      patterns.append(
        try PolicyPattern(value, context, wildcards: comparison.takesWildcards))
    }
    func holds(_ value: String) -> Bool {
      comparison.matches(value, patterns) != comparison.isNegated
    }
    let passes =
      switch comparison.quantifier {
      case .all: found.allSatisfy(holds)
      case .any: found.contains(where: holds)
      // Without a quantifier a negated operator must hold for each value.
      case nil: comparison.isNegated ? found.allSatisfy(holds) : found.contains(where: holds)
      }
    guard !passes else { return nil }
    let shown = found.map { "'\($0)'" }.joined(separator: ", ")
    let wanted = condition.values.joined(separator: ", ")
    return "\(condition.key) is \(shown), and \(comparison.word) wants \(wanted)"
  }
}
