// Sets of accounts out of settings and files, who trusts whom, and how each account is reached.
import Accounts
import Configuration
import PythonLiterals
import Testing

@Suite struct AccountsConfigurationTests {
  private static let file =
    #"[{"SET_NAME":"one","DEV_ACCOUNT":"111111111111","PREPROD_ACCOUNT":"222222222222","#
    + #""PROD_ACCOUNT":"333333333333","DEPLOYMENT_REGION":"eu-west-2"},"#
    + #"{"SET_NAME":"two","DEV_ACCOUNT":"./two","PREPROD_ACCOUNT":"./two","PROD_ACCOUNT":"./two"}]"#

  private func read(
    _ settings: [String: String], file: String? = file,
    constants: String? = "PIPELINE_ACCOUNT = '999999999999'\nDEFAULT_DEPLOYMENT_REGION='eu-west-1'",
    region: String? = nil
  ) throws -> AccountsConfiguration {
    let overrides = Dictionary(
      settings.map { ("Accounts.\($0.key)", $0.value) }, uniquingKeysWith: { $1 })
    let table = try AccountsTable(
      reading: Configuration(document: nil, overrides: overrides, environment: [:]))
    return AccountsConfiguration(
      table, file: file.map { AccountsFile(parsing: Array($0.utf8), file: "accounts.json") },
      constants: constants.map { PythonConstants(parsing: Array($0.utf8), file: "constants.py") },
      region: region)
  }

  @Test func filesAndSettingsAreJoined() throws {
    let both = try read([:])
    #expect(both.problems.isEmpty && both.sets.count == 2, "\(both.problems)")
    #expect(throws: AccountProblem.self) { try both.set() }
    let one = try both.set("one")
    #expect(one.region == "eu-west-2" && one.governance == .account("999999999999"))
    #expect(one.prefix == "mlops" && one.partition == "aws")
    let two = try read(["set": "two", "prod": "./live", "prefix": "acme"]).set()
    #expect(two.region == "eu-west-1" && two.prefix == "acme")
    #expect(two.prod == .folder("./live") && two.dev == .folder("./two"))
    let uses = two.places.map { $0.uses.map(\.name) }
    #expect(uses == [["governance"], ["dev", "preprod"], ["prod"]])
  }

  @Test func settingsAloneMakeASet() throws {
    let set = try read(
      ["dev": "./a", "preprod": "./a", "prod": "./a", "governance": "./a"], file: nil,
      constants: nil, region: "us-east-1"
    ).set()
    #expect(set.name == "default" && set.region == "us-east-1")
    #expect(set.places.count == 1 && set.places.first?.uses.count == 4)
  }

  @Test(arguments: [
    (["dev": "./a"], "[Accounts] preprod: empty"), ([:], "[Accounts] file: empty"),
    (["dev": "x", "preprod": "./b", "prod": "./c"], "[Accounts] dev: expected the 12 digits"),
    (["dev": "./a", "preprod": "./a", "prod": "./a"], "[Accounts] governance: empty"),
    (
      ["dev": "./a", "preprod": "./a", "prod": "./a", "governance": "./a", "region": "x"],
      "[Accounts] region: expected"
    ),
    (
      ["dev": "./a", "preprod": "./a", "prod": "./a", "governance": "./a", "prefix": "A_"],
      "[Accounts] prefix: expected"
    ),
  ])
  func aProblemOfASettingNamesIt(_ settings: [String: String], _ part: String) throws {
    let found = try read(settings, file: nil, constants: nil, region: "eu-west-1")
    #expect(found.problems.contains { "\($0)".hasPrefix(part) }, "\(found.problems)")
    #expect(throws: AccountProblems.self) { try found.set() }
  }

  @Test func trustIsThatOfTheFramework() throws {
    let one = try read([:]).set("one")
    let hub = AccountPlace.account("999999999999")
    #expect(one.trusted(by: one.dev) == [hub])
    #expect(one.trusted(by: one.preprod) == [hub, one.dev])
    #expect(one.trusted(by: one.prod) == [hub, one.dev])
    #expect(one.trusted(by: hub) == [])
    let same = try read(["set": "two", "governance": "./two"]).set()
    #expect(same.trusted(by: same.dev) == [])
  }

  @Test func anAccountIsReachedByItsProfileElseByItsRole() throws {
    let found = try read([:])
    let one = try found.set("one")
    #expect(
      found.table.access(to: .tier(.dev), in: one) { $0 == "mlops-dev" } == .profile("mlops-dev"))
    #expect(
      found.table.access(to: .tier(.prod), in: one) { $0 == "mlops-governance" }
        == .role(
          "arn:aws:iam::333333333333:role/cdk-hnb659fds-deploy-role-333333333333-eu-west-2",
          from: "mlops-governance"))
    #expect(found.table.access(to: .governance, in: one) { _ in false } == .own)
    #expect(
      found.table.access(to: .tier(.dev), in: try found.set("two")) { _ in true }
        == .folder("./two"))
  }

  @Test(
    arguments: [
      ("/p/a", "./a"), ("/p/./a/", "./a"), ("/p//x/../a", "./a"), ("/p/a/b", "./a/b"), ("/p", "."),
      ("/p/../q/a/", "/q/a"), ("/pa/b", "/pa/b"), ("/../p/a", "./a"),
    ])
  func aFolderHasOneNameHoweverItIsTyped(path: String, name: String) {
    #expect(AccountPlace.folderName(path, root: "/p/") == name)
  }

  @Test func oneFolderInTwoTiersIsOneAccount() throws {
    let set = try read(
      [
        "governance": "./all", "dev": "all/", "preprod": "/p/all", "prod": "./other",
        "region": "eu-west-1",
      ], file: nil, constants: nil
    ).namingFolders {
      AccountPlace.folderName($0.hasPrefix("/") ? $0 : "/p/\($0)", root: "/p")
    }.set()
    #expect(set.places.map(\.place.text) == ["./all", "./other"])
  }
}
