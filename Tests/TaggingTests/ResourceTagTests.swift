// Tags as people type them: AWS's limits, each from both sides.
import Tagging
import Testing

@Suite struct ResourceTagTests {
  @Test func blanksAndOrderDoNotCount() throws {
    let tags = try ResourceTags(parsing: " Team = a b,CostCenter=123 , Empty=,")
    #expect(tags.values == ["CostCenter": "123", "Team": "a b", "Empty": ""])
    #expect(tags.sorted.map(\.key) == ["CostCenter", "Empty", "Team"])
    #expect(try ResourceTags(parsing: "").isEmpty)
    // Only the first sign divides.
    #expect(try ResourceTags(parsing: "Sum=1+1=2").values == ["Sum": "1+1=2"])
  }

  @Test(arguments: [
    ("CostCenter", "'CostCenter'"), ("=1", "no key"), ("a=1,a=2", "twice"),
    ("AWS:x=1", "aws:"), ("atelier:job=1", "atelier:"), ("a=b;c", "';'"), ("a?=b", "'?'"),
    (String(repeating: "k", count: 129) + "=1", "129"),
    ("k=" + String(repeating: "v", count: 257), "257"),
    ((1...51).map { "k\($0)=v" }.joined(separator: ","), "51"),
  ])
  func whatAWSRefusesIsNamed(text: String, part: String) {
    let problem = #expect(throws: TagProblem.self) { _ = try ResourceTags(parsing: text) }
    #expect(problem?.description.contains(part) == true, "\(problem?.description ?? "")")
  }

  @Test func theLargestOfEachIsAllowed() throws {
    let key = String(repeating: "k", count: 128)
    let value = String(repeating: "v", count: 256)
    #expect(try ResourceTags(parsing: "\(key)=\(value)").values == [key: value])
    #expect(
      try ResourceTags(parsing: (1...50).map { "k\($0)=v" }.joined(separator: ",")).values.count
        == 50)
  }
}
