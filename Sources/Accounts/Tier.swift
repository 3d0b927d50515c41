// The places that a model passes through, and the account that steers them. It knows no service.

/// A place where a model is made or used: developed, tried, used.
package enum Tier: String, CaseIterable, Sendable, Hashable, Comparable {
  case dev, preprod, prod

  package static func < (one: Tier, other: Tier) -> Bool { one.order < other.order }

  private var order: Int {
    switch self {
    case .dev: 0
    case .preprod: 1
    case .prod: 2
    }
  }
}

/// What an account is for: it steers the others, or it is a tier.
///
/// One account may be for several.
package enum AccountUse: Sendable, Hashable, Comparable {
  case governance
  case tier(Tier)

  /// All of them, in the order in which they are deployed.
  package static let all: [AccountUse] = [.governance] + Tier.allCases.map { .tier($0) }

  /// `governance`, `dev`, `preprod`, `prod`.
  package var name: String {
    switch self {
    case .governance: "governance"
    case .tier(let tier): tier.rawValue
    }
  }

  package static func < (one: AccountUse, other: AccountUse) -> Bool {
    switch (one, other) {
    case (.governance, .tier): true
    case (.tier(let first), .tier(let second)): first < second
    default: false
    }
  }
}
