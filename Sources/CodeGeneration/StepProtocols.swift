// Which names after a type's colon make it a step. It knows no step.

/// The protocols of steps that a family can name.
struct StepProtocols {
  /// `Step`, and the family's own protocols for steps.
  private let names: Set<String>
  /// The family's type aliases of these.
  private let aliases: Set<String>

  /// Reads them from everything that a family declares.
  init(in declarations: [Declaration]) {
    let all = declarations.flatMap(\.flattened)
    let protocols = Self.growing(
      ["Step", "AtelierStep.Step"], by: all.filter { $0.kind == "protocol" }
    ) { $0.inherited }
    names = protocols
    aliases = Self.growing(protocols, by: all.filter { $0.kind == "typealias" }) {
      [$0.type ?? ""]
    }.subtracting(protocols)
  }

  /// Whether a type names one of the protocols where it is declared.
  func makeStep(_ item: Declaration) -> Bool { !names.isDisjoint(with: item.inherited) }

  /// How a type names one of the protocols in a way that the build does not follow, such as
  /// `Step & Sendable`; nil if it does not.
  func disguise(in item: Declaration) -> String? {
    guard item.kind != "protocol", !makeStep(item) else { return nil }
    let all = names.union(aliases)
    return item.inherited.first { !all.isDisjoint(with: Self.parts(of: $0)) }
  }

  /// The names, and those of declarations that say one of them, until there are no more.
  private static func growing(
    _ names: Set<String>, by items: [Declaration], _ says: (Declaration) -> [String]
  ) -> Set<String> {
    var names = names
    var count = 0
    while count != names.count {
      count = names.count
      for item in items where !names.isDisjoint(with: says(item).flatMap(parts)) {
        names.insert(item.name)
      }
    }
    return names
  }

  /// The types of a composition, without its parentheses and `any`.
  private static func parts(of type: String) -> [String] {
    type.split { "&() ".contains($0) }.map(String.init)
  }
}
