// The event types of the simulation, their rates, and how they depend on each other.
// It draws nothing.

/// A type of experience event, in the order that breaks ties of time.
enum EventType: Int, CaseIterable {
  case adClick, adImpression, pageView, linkClick, productView, purchase
  case propositionDisplay, propositionInteract, propositionDismiss
  case emailOpened, emailClicked, emailSent, subscription
}

/// What an event type does in the simulation.
struct EventBehaviour {
  /// The XDM name, such as `web.webpagedetails.pageViews`.
  let name: String
  /// The average number of events in a week.
  let weeklyRate: Double
  /// What an event adds to the user's probability to subscribe.
  let propensityDelta: Double
  /// The mean of the hours between an event and the one that it depends on.
  let hoursAfter: Double
}

extension EventType {
  var behaviour: EventBehaviour {
    switch self {
    case .adClick: .init("advertising.clicks", 0.01, 0.002, 0.5)
    case .adImpression: .init("advertising.impressions", 0.1, 0.001, 0)
    case .pageView: .init("web.webpagedetails.pageViews", 0.1, 0.005, 0.1)
    case .linkClick: .init("web.webinteraction.linkClicks", 0.05, 0.005, 0.1)
    case .productView: .init("commerce.productViews", 0.05, 0.005, 0.2)
    case .purchase: .init("commerce.purchases", 0.01, 0.1, 1)
    case .propositionDisplay: .init("decisioning.propositionDisplay", 0.05, 0.005, 0.1)
    case .propositionInteract: .init("decisioning.propositionInteract", 0.01, 0.1, 0.05)
    case .propositionDismiss: .init("decisioning.propositionDismiss", 0.01, -0.2, 0.05)
    case .emailOpened: .init("directMarketing.emailOpened", 0.2, 0.02, 24)
    case .emailClicked: .init("directMarketing.emailClicked", 0.05, 0.1, 0.5)
    case .emailSent: .init("directMarketing.emailSent", 0.5, 0.005, 0)
    case .subscription: .init("web.formFilledOut", 0, 0, 0)
    }
  }

  /// The types that happen by themselves, at any second of the window.
  static let spontaneous: [EventType] = [.adImpression, .pageView, .emailSent]

  /// Which types may follow a type, in the order in which they are walked.
  static let dependencies: [(origin: EventType, dependents: [EventType])] = [
    (.adImpression, [.adClick]),
    (.emailSent, [.emailOpened]),
    (.emailOpened, [.emailClicked]),
    (.emailClicked, [.pageView]),
    (.pageView, [.linkClick, .productView, .propositionDisplay]),
    (.productView, [.purchase]),
    (.propositionDisplay, [.propositionInteract, .propositionDismiss]),
  ]

  /// Whether a user may subscribe right after such an event: neither e-mail nor advertising.
  var mayLeadToSubscription: Bool {
    switch self {
    case .adClick, .adImpression, .emailOpened, .emailClicked, .emailSent: false
    default: true
    }
  }
}

extension EventBehaviour {
  fileprivate init(_ name: String, _ rate: Double, _ delta: Double, _ hours: Double) {
    self.init(name: name, weeklyRate: rate, propensityDelta: delta, hoursAfter: hours)
  }
}

/// The time that the simulation covers.
enum EventWindow {
  /// The length of the window in weeks.
  static let weeks = 10
  /// How many weeks before the reference date the window starts.
  static let weeksBeforeReference = 12
  static let seconds = UInt64(weeks) * 7 * 24 * 3600
}
