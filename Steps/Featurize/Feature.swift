// The features of a user's behaviour, declared once. It knows no SQL dialect.

/// The event types that features and the label look at, as the events spell them.
public enum EventType: String, Codable, Sendable {
  case emailSent = "directMarketing.emailSent"
  case emailOpened = "directMarketing.emailOpened"
  case emailClicked = "directMarketing.emailClicked"
  case productViews = "commerce.productViews"
  case propositionInteract = "decisioning.propositionInteract"
  case propositionDismiss = "decisioning.propositionDismiss"
  case linkClicks = "web.webinteraction.linkClicks"
  /// The subscription: the target of the prediction.
  case formFilledOut = "web.formFilledOut"
}

/// One column of the feature table, computed over a user's events up to and including the row's.
public struct Feature: Codable, Sendable, Hashable {
  /// What a feature measures.
  public enum Kind: Codable, Sendable, Hashable {
    /// How many such events there were.
    case count(of: EventType)
    /// Whole minutes since the last such event: 0 on such an event's own row, null without one.
    case minutes(since: EventType)
  }

  /// The column's name.
  public let name: String
  /// What it counts or measures, and of which event type.
  public let kind: Kind

  /// Declares a feature.
  public init(_ name: String, _ kind: Kind) {
    self.name = name
    self.kind = kind
  }
}

extension Feature {
  /// The features of the propensity workshop, in the order of their columns.
  public static let propensity = [
    Feature("emailsReceived", .count(of: .emailSent)),
    Feature("emailsOpened", .count(of: .emailOpened)),
    Feature("emailsClicked", .count(of: .emailClicked)),
    Feature("productsViewed", .count(of: .productViews)),
    Feature("propositionInteracts", .count(of: .propositionInteract)),
    Feature("propositionDismissed", .count(of: .propositionDismiss)),
    Feature("webLinkClicks", .count(of: .linkClicks)),
    Feature("minutes_since_emailSent", .minutes(since: .emailSent)),
    Feature("minutes_since_emailOpened", .minutes(since: .emailOpened)),
    Feature("minutes_since_emailClick", .minutes(since: .emailClicked)),
    Feature("minutes_since_productView", .minutes(since: .productViews)),
    Feature("minutes_since_propositionInteract", .minutes(since: .propositionInteract)),
    Feature("minutes_since_propositionDismiss", .minutes(since: .propositionDismiss)),
    Feature("minutes_since_linkClick", .minutes(since: .linkClicks)),
  ]
}
