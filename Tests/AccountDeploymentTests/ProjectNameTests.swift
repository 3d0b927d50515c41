// Names of projects, mail addresses, profiles, and trust between accounts.
import AccountDeployment
import Accounts
import Content
import ProjectTemplates
import Projects
import Tagging
import Testing

@Suite struct ProjectNameTests {
  private func set(_ prefix: String = "mlops") -> AccountSet {
    AccountSet(
      name: "a", governance: .folder("./g"), dev: .account("111111111111"), preprod: .folder("./p"),
      prod: .folder("./q"), region: "eu-west-1", prefix: prefix)
  }

  @Test(arguments: [
    ("", false), ("churn", true), ("Churn", false), ("a-b", true), ("-a", false), ("a_b", false),
    ("a.b", false), ("studio", false), ("role", false), ("é", false),
    (String(repeating: "a", count: 32), true), (String(repeating: "a", count: 33), false),
  ])
  func aProjectsNameIsPartOfABuckets(_ name: String, _ isFine: Bool) {
    let isTaken = (try? ProjectWish.checkName(name, in: set())) != nil
    #expect(isTaken == isFine, "\(name)")
  }

  @Test func aLongPrefixLeavesLessForTheName() {
    let error = #expect(throws: AccountRefusal.self) {
      try ProjectWish.checkName(
        String(repeating: "a", count: 32), in: set(String(repeating: "p", count: 20)))
    }
    #expect(error?.description.contains("use up to 26") == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    ("CostCenter=5", "--cost-center"), ("mail=x", "set by the project"),
    ("sagemaker:project-name=x", "set by the project"),
  ])
  func tagsOfTheProjectItselfAreNotTheUsers(_ tag: String, _ part: String) {
    let error = #expect(throws: AccountRefusal.self) {
      try ProjectWish(
        name: "a", description: "", problem: .supervised, inference: .batch, costCenter: "1",
        tags: ResourceTags(parsing: tag), in: set())
    }
    #expect(error?.description.contains(part) == true)
  }

  @Test(arguments: [
    ("ann@example.com", true), ("ann.b+c@ex-a.co.uk", true), ("ann", false),
    ("@example.com", false),
    ("ann@", false), ("ann@com", false), ("a b@example.com", false), ("ann@@example.com", false),
    (".ann@example.com", false), ("ann@exa_mple.com", false), ("ann@-x.com", false),
    ("ann@example.com\n", false), ("änn@example.com", false),
    (String(repeating: "a", count: 65) + "@example.com", false),
  ])
  func aMailIsChecked(_ text: String, _ isFine: Bool) {
    #expect((UserMail(text) != nil) == isFine, "\(text)")
  }

  @Test func aProfilesNameFitsAndIsThatOfOnePerson() throws {
    let mail = try #require(UserMail("ann@example.com"))
    #expect(try UserTemplate.profile(mail, project: "churn") == "ann-churn")
    let dotted = try UserTemplate.profile(#require(UserMail("a.nn@x.com")), project: "churn")
    let dashed = try UserTemplate.profile(#require(UserMail("a-nn@x.com")), project: "churn")
    #expect(dotted != dashed && dotted.hasPrefix("a-nn-churn-"))
    let long = try UserTemplate.profile(
      #require(UserMail(String(repeating: "a", count: 64) + "@x.com")),
      project: String(repeating: "b", count: 32))
    #expect(long.utf8.count <= 63)
  }

  @Test(arguments: [
    (
      #"{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":["arn:aws:iam::1:root"]}}]}"#,
      ["2"]
    ),
    (
      #"{"Statement":{"Effect":"Allow","Action":["sts:AssumeRole"],"Principal":{"AWS":"2"}}}"#,
      ["1"]
    ),
    (#"{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*"}]}"#, []),
    (
      #"{"Statement":[{"Effect":"Deny","Action":"sts:AssumeRole","Principal":{"AWS":"1"}}]}"#,
      ["1", "2"]
    ),
    (
      #"{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::1:user/x"}}]}"#,
      ["1", "2"]
    ),
    (
      #"{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"1"},"Condition":{}}]}"#,
      ["1", "2"]
    ),
    ("{}", ["1", "2"]), ("[]", ["1", "2"]),
  ])
  func trustThatIsMissingIsFound(_ document: String, _ missing: [String]) throws {
    #expect(
      TrustCheck.missing(in: try JSONValue(parsing: document), wanted: ["1", "2"]) == missing)
  }
}
