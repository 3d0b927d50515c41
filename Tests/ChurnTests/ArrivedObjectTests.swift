// The title rule and the output rule of an object that arrived.
import Testing

@testable import Churn

@Suite struct ArrivedObjectTests {
  @Test(arguments: [
    ("churn/customer-churn.csv", "shop-churn-customer-churn"), ("customers.csv", "shop-customers"),
    ("a/noending", "shop-a-noending"),
  ])
  func theTitleJoinsEndpointPathAndFile(object: String, title: String) throws {
    #expect(try ArrivedObject(object).title(endpoint: "shop") == title)
  }

  @Test(arguments: [
    ("2026/november/part 1.csv", "shop-2026-november-part-1-"), ("a/b.c_d.csv", "shop-a-b-c-d-"),
    ("a/größe.CSV", "shop-a-gr--e-"), ("a/ends badly!.csv", "shop-a-ends-badly-"),
    ("a/\(String(repeating: "x", count: 100)).csv", "shop-a-" + String(repeating: "x", count: 43)),
  ])
  func anAlteredTitleEndsInADigest(object: String, start: String) throws {
    let title = try ArrivedObject(object).title(endpoint: "shop")
    #expect(title.hasPrefix(start) && title.utf8.count <= 63, "\(title)")
    #expect(title.suffix(12).allSatisfy { $0.isHexDigit } && title.dropLast(12).last == "-")
  }

  @Test func objectsThatDifferInTheirNamesHaveTwoTitles() throws {
    let long = String(repeating: "x", count: 80)
    let objects = ["a/b_c.csv", "a/b-c.csv", "a/b c.csv", "a/\(long)1.csv", "a/\(long)2.csv"]
    let titles = try objects.map { try ArrivedObject($0).title(endpoint: "shop") }
    #expect(Set(titles).count == objects.count, "\(titles)")
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
