// The title rule and the output rule of an object that arrived.
import Testing

@testable import Churn

@Suite struct ArrivedObjectTests {
  @Test(arguments: [
    ("churn/customer-churn.csv", "shop-churn-customer-churn"),
    ("2026/november/part 1.csv", "shop-2026-november-part-1"),
    ("customers.csv", "shop-customers"),
    ("a/b.c_d.csv", "shop-a-b-c-d"),
    ("a/größe.CSV", "shop-a-gr--e"),
    ("a/noending", "shop-a-noending"),
    ("a/ends badly!.csv", "shop-a-ends-badly"),
  ])
  func theTitleJoinsEndpointPathAndFile(object: String, title: String) throws {
    #expect(try ArrivedObject(object).title(endpoint: "shop") == title)
  }

  @Test func aTitleIsCutToEightyCharacters() throws {
    let long = String(repeating: "x", count: 100)
    let title = try ArrivedObject("a/\(long).csv").title(endpoint: "shop")
    #expect(title == "shop-a-" + String(repeating: "x", count: 73))
    // No '-' is left where the cut ends.
    let cut = try ArrivedObject("\(String(repeating: "y", count: 74))/z.csv").title(
      endpoint: "shop")
    #expect(cut == "shop-" + String(repeating: "y", count: 74))
  }

  @Test func outputsLieBelowPathAndFile() throws {
    #expect(
      try ArrivedObject("2026/11/customers.csv").output("data/train")
        == "output/2026/11/customers/data/train")
    #expect(try ArrivedObject("customers.v2.csv").output("model") == "output/customers.v2/model")
  }

  @Test(arguments: ["", "/a.csv", "a//b.csv", "../a.csv", "a/./b.csv", "a/.csv", "a/", "a/...csv"])
  func whatIsNoFileBelowAFolderIsRefused(object: String) {
    #expect(throws: ArrivedObject.Refused.self) { try ArrivedObject(object) }
  }

  @Test func anEndpointHasANameOfTheService() throws {
    try ArrivedObject.checkEndpoint("churn-2")
    for name in ["", "-a", "a-", "a_b", "é", String(repeating: "a", count: 64)] {
      #expect(throws: ArrivedObject.Refused.self) { try ArrivedObject.checkEndpoint(name) }
    }
  }
}
