// Names for SageMaker: valid ones are kept, and no two texts share one.
import AtelierTesting
import ServiceNames
import Testing

@Suite struct ServiceNameTests {
  @Test(arguments: [
    "a", "0", "shop-churn-customer-churn", "a--b", String(repeating: "x", count: 63),
  ])
  func aValidNameIsKept(name: String) throws {
    #expect(ServiceName.isValid(name))
    #expect(try ServiceName.cut(name) == name)
  }

  @Test(arguments: [
    "", "-", "-a", "a-", "a_b", "é", "a/b", "größe", "a b", "日本", String(repeating: "x", count: 64),
    String(repeating: "-", count: 200), "a\n", "a\r\nb",
  ])
  func anotherTextBecomesAValidName(text: String) throws {
    #expect(!ServiceName.isValid(text))
    let name = try ServiceName.cut(text)
    #expect(ServiceName.isValid(name), "\(name)")
    #expect(name.suffix(12).allSatisfy { $0.isHexDigit })
  }

  @Test func twoTextsThatLookAlikeHaveTwoNames() throws {
    let long = String(repeating: "x", count: 63)
    let texts = [
      "a_b", "a-b", "a.b", "a b", "caf\u{E9}", "cafe\u{301}", "cafe", "caf-", long, long + "x",
      long + "y", "-a", "a", "a-", "--a",
    ]
    let names = try texts.map { try ServiceName.cut($0) }
    #expect(Set(names).count == texts.count, "\(names)")
    #expect(try ServiceName.cut("a_b").hasPrefix("a-b-"))
  }

  @Test func aCutLeavesTheStartAndNoDashInFrontOfTheDigest() throws {
    let name = try ServiceName.cut(String(repeating: "y", count: 49) + "-" + "z" + long)
    #expect(name.count == 62 && name.hasPrefix(String(repeating: "y", count: 49) + "-"))
    #expect(!name.contains("--"))
    #expect(try ServiceName.cut("a" + long, to: 20).count == 20)
  }

  private var long: String { String(repeating: "z", count: 40) }

  @Test func randomTextsNeverMeet() throws {
    var random = SeededGenerator(state: 1729)
    let alphabet = Array("ab-_/. éx0")
    var seen: [String: String] = [:]
    for _ in 0..<20_000 {
      let count = Int(random.next() % 90)
      let text = String((0..<count).map { _ in alphabet[Int(random.next() % 10)] })
      let name = try ServiceName.cut(text)
      #expect(ServiceName.isValid(name), "\(name)")
      if let other = seen[name] { #expect(other == text, "\(name)") }
      seen[name] = text
    }
  }
}
