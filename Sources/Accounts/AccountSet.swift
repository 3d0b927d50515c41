// The accounts of one team: a governance account and three tiers in one region. It asks no service.

/// Accounts that belong together.
package struct AccountSet: Sendable, Hashable {
  /// SET_NAME: letters, digits and `-`.
  package var name: String
  package var governance: AccountPlace
  package var dev: AccountPlace
  package var preprod: AccountPlace
  package var prod: AccountPlace
  /// The region of everything.
  package var region: String
  /// What names of parameters and stacks begin with, such as `mlops`.
  package var prefix: String

  package init(
    name: String, governance: AccountPlace, dev: AccountPlace, preprod: AccountPlace,
    prod: AccountPlace, region: String, prefix: String
  ) {
    self.name = name
    self.governance = governance
    self.dev = dev
    self.preprod = preprod
    self.prod = prod
    self.region = region
    self.prefix = prefix
  }

  package subscript(_ tier: Tier) -> AccountPlace {
    switch tier {
    case .dev: dev
    case .preprod: preprod
    case .prod: prod
    }
  }

  package subscript(_ use: AccountUse) -> AccountPlace {
    switch use {
    case .governance: governance
    case .tier(let tier): self[tier]
    }
  }

  /// The set with its folders named in one way each, whatever was typed.
  func namingFolders(_ name: (String) -> String) -> AccountSet {
    func named(_ place: AccountPlace) -> AccountPlace {
      if case .folder(let path) = place { .folder(name(path)) } else { place }
    }
    return AccountSet(
      name: self.name, governance: named(governance), dev: named(dev), preprod: named(preprod),
      prod: named(prod), region: region, prefix: prefix)
  }

  /// The different places, each with all that it is for, in the order of deployment.
  package var places: [(place: AccountPlace, uses: [AccountUse])] {
    AccountUse.all.reduce(into: []) { found, use in
      if let index = found.firstIndex(where: { $0.place == self[use] }) {
        found[index].uses.append(use)
      } else {
        found.append((self[use], [use]))
      }
    }
  }

  /// Whether a name of a set may be part of names of stacks and buckets.
  package static func isName(_ text: String) -> Bool {
    isWord(text, upTo: 32)
  }

  /// Whether a text is a prefix of names.
  package static func isPrefix(_ text: String) -> Bool {
    isWord(text, upTo: 20) && text == text.lowercased()
  }

  /// Whether a text has the form of a region's name, such as eu-west-1.
  package static func isRegion(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard (3...4).contains(parts.count), text.utf8.count <= 20, let number = parts.last,
      number.utf8.count == 1, number.utf8.allSatisfy({ (49...57).contains($0) })
    else { return false }
    return parts.dropLast().allSatisfy { part in
      part.utf8.count >= 2 && part.utf8.allSatisfy { (97...122).contains($0) }
    }
  }

  private static func isWord(_ text: String, upTo limit: Int) -> Bool {
    let bytes = text.utf8
    let dash = UInt8(ascii: "-")
    guard (1...limit).contains(bytes.count), bytes.first != dash, bytes.last != dash else {
      return false
    }
    return bytes.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == dash
    }
  }
}
