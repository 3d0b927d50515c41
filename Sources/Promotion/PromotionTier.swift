// The tiers that a model is promoted to, and in which order. It knows no account.

/// A tier behind dev, in which models are trained.
package enum PromotionTier: String, CaseIterable, Sendable {
  case preprod, prod

  /// The tier in which a model must have been before; nil: it is trained there.
  package var before: PromotionTier? {
    switch self {
    case .preprod: nil
    case .prod: .preprod
    }
  }

  /// The name of what serves a project's model in the tier.
  package func endpoint(of project: String) -> String { "\(project)-\(rawValue)" }

  /// The name of the log of a project's promotions to the tier.
  package func log(of project: String) -> String { "tier-\(endpoint(of: project))" }
}
