// accounts.json as people write it, and with what goes wrong in it: each problem with its place and cure.
import Accounts
import Testing

@Suite struct AccountsFileTests {
  private func read(_ text: String) -> AccountsFile {
    AccountsFile(parsing: Array(text.utf8), file: "accounts.json")
  }

  private static let good =
    #""SET_NAME":"first","DEV_ACCOUNT":"012345678901","PREPROD_ACCOUNT":"222222222222","#
    + #""PROD_ACCOUNT":"333333333333""#

  @Test func aListAndOneObjectAreRead() {
    let list = read(#"[{\#(Self.good),"DEPLOYMENT_REGION":"eu-west-1"}]"#)
    #expect(list.problems.isEmpty, "\(list.problems)")
    #expect(list.entries.count == 1)
    #expect(list.entries.first?.places[.dev] == .account("012345678901"))
    #expect(list.entries.first?.region == "eu-west-1")
    let object = read("{\(Self.good)}")
    #expect(object.problems.isEmpty && object.entries.first?.region == nil)
  }

  @Test func aFolderIsAnAccountAndOneAccountMayBeAllTiers() {
    let folders = read(
      #"{"SET_NAME":"x","DEV_ACCOUNT":"./dev","PREPROD_ACCOUNT":"~/p","PROD_ACCOUNT":"a/b"}"#)
    #expect(folders.problems.isEmpty, "\(folders.problems)")
    #expect(folders.entries.first?.places[.preprod] == .folder("~/p"))
    let one = read(
      #"{"SET_NAME":"x","DEV_ACCOUNT":"1","PREPROD_ACCOUNT":"222222222222","PROD_ACCOUNT":"222222222222"}"#
    )
    #expect(one.problems.map(\.place) == ["accounts.json: DEV_ACCOUNT"])
  }

  /// A text, where its problem is, and a part of what is said.
  private static let broken: [(String, String, String)] = [
    ("{", "accounts.json:1:2", "not JSON"),
    ("[\n  {\"SET_NAME\": oops}]", "accounts.json:2:16", "not JSON"),
    ("", "accounts.json:1:1", "not JSON"), ("42", "accounts.json", "expected a list of sets"),
    ("[7]", "accounts.json: [0]", "a set as an object"),
    ("[{\(good)},{\(good)}]", "accounts.json: [1].SET_NAME", "is also at accounts.json: [0]"),
    (
      "[{\(good)},{\(good.replacing("first", with: "FIRST"))}]", "accounts.json: [1].SET_NAME",
      "is also at"
    ),
    ("{\(good),\"PROD_ACOUNT\":\"x\"}", "accounts.json: PROD_ACOUNT", "unknown key"),
    (
      "{\(good.replacing("\"012345678901\"", with: "12345678901"))}", "accounts.json: DEV_ACCOUNT",
      "loses its leading zeros; put it into quotes: \"012345678901\""
    ),
    (
      "{\(good.replacing("\"012345678901\"", with: "\"12345678901\""))}",
      "accounts.json: DEV_ACCOUNT", "write \"012345678901\""
    ),
    (
      "{\(good.replacing("\"012345678901\"", with: "222222222222"))}", "accounts.json: DEV_ACCOUNT",
      "found the number 222222222222; put it into quotes: \"222222222222\""
    ),
    (
      "{\(good.replacing("012345678901", with: "0123456789012"))}", "accounts.json: DEV_ACCOUNT",
      "found '0123456789012'"
    ),
    ("{\(good.replacing("012345678901", with: "dev"))}", "accounts.json: DEV_ACCOUNT", "12 digits"),
    (
      "{\(good.replacing("012345678901", with: "٠١٢٣٤٥٦٧٨٩٠١"))}", "accounts.json: DEV_ACCOUNT",
      "12 digits"
    ),
    ("{\(good.replacing("\"first\"", with: "\"-x\""))}", "accounts.json: SET_NAME", "letters"),
    ("{\(good.replacing("\"first\"", with: "3"))}", "accounts.json: SET_NAME", "found 3"),
    (
      "{\(good),\"DEPLOYMENT_REGION\":\"Ireland\"}", "accounts.json: DEPLOYMENT_REGION",
      "such as eu-west-1"
    ),
    (#"[{"SET_NAME":"x","DEV_ACCOUNT":null}]"#, "accounts.json: [0].DEV_ACCOUNT", "found null"),
    (#"{"DEV_ACCOUNT":"./d"}"#, "accounts.json: SET_NAME", "missing"),
  ]

  @Test(arguments: broken.indices) func aProblemNamesItsPlaceAndTheCure(_ index: Int) {
    let (text, place, part) = Self.broken[index]
    let found = read(text)
    #expect(
      found.problems.contains { $0.place == place && "\($0)".contains(part) },
      "\(text): \(found.problems)")
  }

  @Test func allProblemsAreNamedAtOnce() {
    let found = read(#"[{"SET_NAME":"a"},{"PROD_ACCOUNT":5,"REGION":"x"}]"#)
    #expect(found.problems.count == 8, "\(found.problems)")
  }
}
