// What commands print with --json has the forms that a page of the manual lists.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct JSONPageTests {
  /// A member of a form: its types by name, and whether it is always there.
  struct Member {
    let types: [String]
    let isAlwaysThere: Bool
  }

  /// The forms of the page by event.
  private static func forms() throws -> [String: [String: Member]] {
    let page = String(
      decoding: try TestFiles.read(TestTools.root + "/Sources/CLI/CLI.docc/JSON.md"), as: UTF8.self)
    var forms: [String: [String: Member]] = [:]
    var event = ""
    for line in page.split(separator: "\n") {
      if line.hasPrefix("## ") { event = String(line.dropFirst(3)) }
      let cells = line.split(separator: "|").map { $0.drop { $0 == " " } }
      guard line.hasPrefix("| `"), cells.count >= 2 else { continue }
      let name = String(cells[0].dropFirst().prefix { $0 != "`" })
      let words = cells[1].split(separator: ",")
      let types = words[0].split(separator: " ").filter { $0 != "or" }.map(String.init)
      // "true or false" is one type.
      forms[event, default: [:]][name] = Member(
        types: types == ["true", "false"] ? ["boolean"] : types, isAlwaysThere: words.count == 1)
    }
    return forms
  }

  private static func type(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool: "boolean"
    case .integer, .number: "number"
    case .string: "text"
    case .array: "array"
    case .object: "object"
    }
  }

  /// What is wrong with an object.
  private static func problems(
    _ value: JSONValue, _ forms: [String: [String: Member]]
  ) -> [String] {
    guard let members = value.object, let event = members["event"]?.string else {
      return ["no event: \(value)"]
    }
    guard members["v"] == 1 else { return ["\(event): no version"] }
    guard let form = forms[event] else { return ["\(event) is not on the page"] }
    let own = members.filter { $0.key != "event" && $0.key != "v" }
    return own.compactMap { name, value in
      guard let member = form[name] else { return "\(event): \(name) is not on the page" }
      return member.types.contains(type(value))
        ? nil : "\(event): \(name) is of type \(type(value))"
    }
      + form.filter { $0.value.isAlwaysThere && own[$0.key] == nil }.map {
        "\(event): no \($0.key)"
      }
  }

  @Test func everyObjectHasAFormOfThePage() throws {
    let forms = try Self.forms()
    #expect(forms.count > 30 && forms.allSatisfy { !$0.value.isEmpty })
    let space = try Space()
    var seen: Set<String> = []
    func check(_ words: String...) throws {
      let ended = try space.atelier(words + ["--json"], expecting: nil)
      #expect([0, 3].contains(ended.code), "\(words): \(ended.err)")
      let lines = ended.out.split(separator: "\n")
      #expect(!lines.isEmpty, "\(words): \(ended.err)")
      for line in lines {
        let value = try JSONValue(parsing: Array(line.utf8))
        let problems = Self.problems(value, forms)
        #expect(problems.isEmpty, "\(words.joined(separator: " ")): \(line.prefix(300))")
        if let event = value["event"]?.string { seen.insert(event) }
      }
    }
    try check("run", "week5")
    try check("run", "week5", "--set", "Segment.to=0.9", "--compare")
    try check("run", "week5", "--dry-run", "--set", "Segment.to=0.8")
    try check("status", "week5")
    try check("explain", "week5", "--set", "Atelier.seed=9")
    try check("why", "week5.members")
    try check("diff")
    try space.atelier(["check", "propensity", "--update"])
    try check("check", "propensity")
    try check("verify", "week1")
    try check("list", "runs")
    try check("list", "workshops")
    try check("list", "stages")
    try check("list", "steps")
    try check("config", "list")
    try check("store", "fsck")
    try check("store", "gc")
    try check("store", "stats")
    // The rest of the page: what runs only where something is wrong, and other workshops.
    #expect(
      forms.keys.filter { !seen.contains($0) }.count < 10, "\(Set(forms.keys).subtracting(seen))")
  }
}
