// Brings the accounts of a set to their stacks, and removes these again, account by account.
import Accounts
import Content

/// One account of a set with all that it is for.
package struct DeployedAccount: Sendable {
  package var place: AccountPlace
  package var uses: [AccountUse]
  package var account: any StackAccount

  package init(place: AccountPlace, uses: [AccountUse], account: any StackAccount) {
    self.place = place
    self.uses = uses
    self.account = account
  }

  /// `dev, preprod`.
  package var name: String { uses.map(\.name).joined(separator: ", ") }
}

/// A stack that an account shall have, and what is to be done for it.
package struct PlannedStack: Sendable {
  package var account: DeployedAccount
  package var stack: AccountStack
  package var present: PresentStack?
  package var intent: StackIntent

  /// Whether nothing is to be done.
  package var isCurrent: Bool { intent == .keep || intent == .adopt }
}

/// Deploys and removes the stacks of a set.
///
/// Nothing is remembered here: what an account has says what is left to do, so a call that was killed is
/// continued by the next one, and two calls at once come to the same end.
package struct AccountDeployer: Sendable {
  private let blueprint: AccountBlueprint
  private let accounts: [DeployedAccount]

  package init(_ blueprint: AccountBlueprint, _ accounts: [DeployedAccount]) {
    self.blueprint = blueprint
    self.accounts = accounts
  }

  /// What is to be done, in order; it changes nothing.
  package func plan() throws -> [PlannedStack] {
    try accounts.flatMap { account in
      try blueprint.stacks(of: account.place, uses: account.uses).map { try plan($0, account) }
    }
  }

  private func plan(_ stack: AccountStack, _ account: DeployedAccount) throws -> PlannedStack {
    let present = try account.account.find(stack.name)
    func planned(_ intent: StackIntent) -> PlannedStack {
      PlannedStack(account: account, stack: stack, present: present, intent: intent)
    }
    guard let present, !present.isEmpty else { return planned(.create) }
    if present.set == nil {
      // The guide's own way to bootstrap an account is as good.
      if stack.kind == .bootstrap { return planned(.adopt) }
      throw AccountRefusal(
        "\(account.account.label): the stack \(stack.name) is there and was not made by Atelier; remove "
          + "or rename it, or set [Accounts] prefix where the name has one")
    }
    // A stack that several sets share keeps the set that made it.
    var wished = stack
    if let owner = present.set { wished.tags[AccountTags.set] = owner }
    let isCurrent = try account.account.isCurrent(wished, present)
    return PlannedStack(
      account: account, stack: wished, present: present,
      intent: isCurrent ? .keep : present.isSound ? .update : .resume)
  }

  /// Makes, changes or completes one stack.
  package func apply(_ planned: PlannedStack, say: (String) -> Void) throws -> PresentStack? {
    switch planned.intent {
    case .adopt: return planned.present
    case .keep:
      // A template may have been removed by hand.
      return planned.present
    case .create, .update, .resume:
      for asset in planned.stack.assets { try planned.account.account.put(asset) }
      return try planned.account.account.deploy(planned.stack, say: say)
    }
  }

  // ---- removal ----

  /// A stack that is to go.
  package struct Removal: Sendable {
    package var account: DeployedAccount
    package var stack: PresentStack
    package var kind: AccountStack.Kind
  }

  /// All that the set made, in the order in which it goes: the last account first, of an account the last
  /// stack first.
  ///
  /// `isShared` tells whether another set needs an account's own stacks, which then stay.
  package func removals(isShared: (AccountPlace) -> Bool) throws -> [Removal] {
    try accounts.reversed().flatMap { account -> [Removal] in
      let names = try blueprint.stacks(of: account.place, uses: account.uses)
      let kinds = Dictionary(names.map { ($0.name, $0.kind) }, uniquingKeysWith: { $1 })
      let found = try account.account.all().compactMap { present -> Removal? in
        guard let kind = present.kind ?? (present.isEmpty ? kinds[present.name] : nil),
          present.set == blueprint.set.name || present.isEmpty
        else { return nil }
        return Removal(account: account, stack: present, kind: kind)
      }
      let kept = isShared(account.place) ? found.filter { $0.kind >= .sharing } : found
      return kept.sorted { ($1.kind, $1.stack.name) < ($0.kind, $0.stack.name) }
    }
  }
}
