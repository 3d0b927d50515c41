// The sets of accounts that settings and files give together: settings win over files.
import PythonLiterals

/// All sets, checked.
package struct AccountsConfiguration: Sendable {
  package private(set) var sets: [AccountSet] = []
  package let table: AccountsTable
  /// All that is wrong; a set with a problem is not among `sets`.
  package private(set) var problems: [AccountProblem]

  /// What the constants give where neither a setting nor the file does.
  private struct Constants {
    var governance, region, prefix: String?
  }

  /// Joins settings with files.
  ///
  /// - Parameters:
  ///   - file: nil where `[Accounts] file` is empty.
  ///   - constants: nil where `[Accounts] constants` is empty.
  ///   - region: the region that is used where nothing else names one.
  package init(
    _ table: AccountsTable, file: AccountsFile?, constants: PythonConstants?, region: String?
  ) {
    self.table = table
    problems = file?.problems ?? []
    if let constants { problems += constants.problems.map { Self.problem($0, constants) } }
    let known = given(constants)
    let places = AccountUse.all.reduce(into: [AccountUse: AccountPlace]()) { found, use in
      found[use] = setting(use)
    }
    let governance = places[.governance] ?? self.governance(known, constants)
    let prefix = self.prefix(known, constants)
    if !table.region.isEmpty, !AccountSet.isRegion(table.region) {
      add("region", "expected a region such as eu-west-1, found '\(table.region)'", "correct it")
    }
    if !table.set.isEmpty, !AccountSet.isName(table.set) {
      add("set", "expected up to 32 letters, digits and '-', found '\(table.set)'", "correct it")
    }
    var entries = file?.entries ?? []
    if file == nil {
      let isGiven = Tier.allCases.contains { !table.place(of: .tier($0)).isEmpty }
      guard isGiven else {
        add(
          "file", "empty, and so is dev; no accounts are known",
          "set [Accounts] file to an accounts.json, or dev, preprod and prod")
        return
      }
      entries = [
        .init(name: table.set.isEmpty ? "default" : table.set, position: "[Accounts]")
      ]
    }
    let isOne = entries.count == 1
    for var entry in entries where !entry.name.isEmpty {
      // A setting of a place is for the set that is meant.
      if isOne || entry.name == table.set {
        for tier in Tier.allCases {
          if let place = places[.tier(tier)] { entry.places[tier] = place }
        }
      }
      make(entry, governance, known.region, prefix, region, isFile: file != nil)
    }
  }

  private mutating func make(
    _ entry: AccountsFile.Entry, _ governance: AccountPlace?, _ constant: String?,
    _ prefix: String, _ standard: String?, isFile: Bool
  ) {
    if !isFile {
      for tier in Tier.allCases
      where entry.places[tier] == nil && table.place(of: .tier(tier)).isEmpty {
        add(
          tier.rawValue, "empty",
          "give the account of \(tier.rawValue), which may be that of "
            + "another tier")
      }
    }
    let given = table.region.isEmpty ? nil : table.region
    let regions = [given, entry.region, constant, standard]
    let region = regions.lazy.compactMap(\.self).first { !$0.isEmpty }
    if region == nil {
      problems.append(
        AccountProblem(
          entry.position, "no region",
          remedy: "set DEPLOYMENT_REGION there, or [Accounts] region"))
    }
    if let region, region == standard, !AccountSet.isRegion(region) {
      problems.append(
        AccountProblem(
          "[AWS] region", "expected a region such as eu-west-1, found '\(region)'",
          remedy: "correct it, or set [Accounts] region"))
    }
    guard let governance, let region, AccountSet.isRegion(region), let dev = entry.places[.dev],
      let preprod = entry.places[.preprod], let prod = entry.places[.prod]
    else { return }
    sets.append(
      AccountSet(
        name: entry.name, governance: governance, dev: dev, preprod: preprod, prod: prod,
        region: region, prefix: prefix))
  }

  /// The same with the folders of all sets named in one way each, so that one folder is one account.
  package func namingFolders(_ name: (String) -> String) -> AccountsConfiguration {
    var copy = self
    copy.sets = sets.map { $0.namingFolders(name) }
    return copy
  }

  /// The set of a name, else that of `[Accounts] set`, else the only one.
  ///
  /// - Throws: all problems where there are any.
  package func set(_ name: String? = nil) throws -> AccountSet {
    guard problems.isEmpty else { throw AccountProblems(problems) }
    let names = sets.map(\.name).joined(separator: ", ")
    let wanted = name ?? (table.set.isEmpty ? nil : table.set)
    if let wanted {
      guard let found = sets.first(where: { $0.name == wanted }) else {
        throw AccountProblem(
          "[Accounts] set", "there is no set '\(wanted)'",
          remedy: names.isEmpty ? "[Accounts] file has none" : "the sets are \(names)")
      }
      return found
    }
    guard let only = sets.first, sets.count == 1 else {
      throw AccountProblem(
        "[Accounts] set", sets.isEmpty ? "there are no sets" : "there are \(sets.count) sets",
        remedy: sets.isEmpty
          ? "add one to \(table.file)" : "choose one with --set NAME: \(names)")
    }
    return only
  }

  // ---- values ----

  private mutating func setting(_ use: AccountUse) -> AccountPlace? {
    let text = table.place(of: use)
    guard !text.isEmpty else { return nil }
    if let place = AccountPlace(text) { return place }
    add(use.name, AccountPlace.advice(text), "correct it")
    return nil
  }

  private mutating func given(_ constants: PythonConstants?) -> Constants {
    func text(_ name: String) -> String? {
      do {
        return try constants?.text(name).flatMap { $0.isEmpty ? nil : $0 }
      } catch {
        if let constants { problems.append(Self.problem(error, constants)) }
        return nil
      }
    }
    let region = text("DEFAULT_DEPLOYMENT_REGION")
    if let region, !AccountSet.isRegion(region) {
      add(
        "DEFAULT_DEPLOYMENT_REGION", "expected a region such as eu-west-1, found '\(region)'",
        constants)
    }
    return Constants(
      governance: text("PIPELINE_ACCOUNT"), region: region, prefix: text("APP_PREFIX"))
  }

  private mutating func governance(
    _ known: Constants, _ constants: PythonConstants?
  ) -> AccountPlace? {
    guard table.governance.isEmpty else { return nil }
    guard let text = known.governance else {
      if constants?.values["PIPELINE_ACCOUNT"] == nil {
        add(
          "governance", "empty, and no constants.py gives PIPELINE_ACCOUNT",
          "give the account that deploys to the others, which may be that of a tier")
      }
      return nil
    }
    if let place = AccountPlace(text) { return place }
    add("PIPELINE_ACCOUNT", AccountPlace.advice(text), constants)
    return nil
  }

  private mutating func prefix(_ known: Constants, _ constants: PythonConstants?) -> String {
    let text = table.prefix.isEmpty ? known.prefix ?? "mlops" : table.prefix
    if !AccountSet.isPrefix(text) {
      let problem = "expected up to 20 small letters, digits and '-', found '\(text.prefix(60))'"
      if table.prefix.isEmpty {
        add("APP_PREFIX", problem, constants)
      } else {
        add("prefix", problem, "correct it")
      }
    }
    return text
  }

  private static func problem(
    _ found: PythonProblem, _ constants: PythonConstants
  ) -> AccountProblem {
    AccountProblem(
      "\(constants.file):\(found.line)", found.problem,
      remedy: "write NAME = \"text\"; the file is read as data and not executed")
  }

  private mutating func add(_ key: String, _ problem: String, _ remedy: String) {
    problems.append(AccountProblem("[Accounts] \(key)", problem, remedy: remedy))
  }

  private mutating func add(_ name: String, _ problem: String, _ constants: PythonConstants?) {
    let line = constants?.values[name]?.line ?? 0
    problems.append(
      AccountProblem(
        "\(constants?.file ?? "constants.py"):\(line): \(name)", problem, remedy: "correct it"))
  }
}
