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
    var unknown: [String] = []
    if let resources = statement.resources {
      let hit = Self.patterns(resources.patterns, context, wildcards: true, &unknown).contains {
        $0.matches(context.resource)
      }
      guard hit != resources.isNegated else {
        self = unknown.first.map { .condition("the request has no \($0)") } ?? .other
        return
      }
    }
    for condition in statement.conditions {
      if let reason = Self.failure(of: condition, context) {
        self = .condition(reason)
        return
      }
    }
    self = .matches
  }

  /// The patterns of some texts with a request's variables put in.
  ///
  /// One with a variable that has no value matches nothing and is left out, so a negated operator holds, as
  /// does NotResource. Source: the user guide of IAM, "Policy variables with no value".
  private static func patterns(
    _ texts: [String], _ context: RequestContext, wildcards: Bool, _ unknown: inout [String]
  ) -> [PolicyPattern] {
    var patterns: [PolicyPattern] = []
    for text in texts {
      do {
        patterns.append(try PolicyPattern(text, context, wildcards: wildcards))
      } catch {
        unknown.append(error.name)
      }
    }
    return patterns
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
  ) -> String? {
    let comparison = condition.comparison
    let found = context.values(of: condition.key)
    if comparison.comparison == .null {
      let isAbsent = found?.isEmpty ?? true
      let wanted = condition.values.contains { $0.lowercased() == "true" }
      guard isAbsent != wanted else { return nil }
      return "the request has \(isAbsent ? "no" : "a") \(condition.key)"
    }
    guard let found = Self.values(found, comparison.quantifier) else {
      // IfExists is true of a key that the request lacks, whatever stands before the operator. Else all of
      // none match, none of none does; and what is absent differs from all.
      let isAbsent = context.values(of: condition.key)?.isEmpty ?? true
      let holds =
        switch comparison.quantifier {
        case .all: true
        case .any: comparison.ifExists && isAbsent
        case nil: comparison.ifExists || comparison.isNegated
        }
      return holds ? nil : "the request has no \(condition.key)"
    }
    var unknown: [String] = []
    let patterns = Self.patterns(
      condition.values, context, wildcards: comparison.takesWildcards, &unknown)
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
    if patterns.isEmpty, let name = unknown.first { return "the request has no \(name)" }
    let shown = found.map { "'\($0)'" }.joined(separator: ", ")
    let wanted = condition.values.joined(separator: ", ")
    return "\(condition.key) is \(shown), and \(comparison.word) wants \(wanted)"
  }

  /// The values that a request has; nil for none.
  ///
  /// An operator over several values takes empty texts alone for none.
  private static func values(
    _ found: [String]?, _ quantifier: PolicyOperator.Quantifier?
  ) -> [String]? {
    guard let found, !found.isEmpty else { return nil }
    return quantifier != nil && found.allSatisfy(\.isEmpty) ? nil : found
  }
}
