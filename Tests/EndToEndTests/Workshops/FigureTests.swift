// The stage of figures with the built program: whole pictures, small changes, the same bytes.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite(.programs) struct FigureTests {
  static let figures = [
    "calibration", "confusion", "cooccurrence", "correlation", "funnel", "histogram", "importances",
    "lift", "precision-recall", "reach", "roc", "topology", "trials",
  ]

  @Test func everyPictureIsWholeAndDrawnOnlyWhenItMustBe() throws {
    let space = try Space.afterRun().space
    try space.requireDrawing()
    let drawn = try space.run(["figures"])
    let names = Set(Self.figures.map { "figures.\($0)" })
    #expect(drawn.built.filter { $0.hasPrefix("figures.") } == names.union(["figures.trial-table"]))
    for (name, count) in try space.expectedMarks() {
      let picture = try Picture(space.read("figures.\(name).picture"))
      #expect(picture.marks == count, "\(name)")
      try picture.check(name, specification: space.read("figures.\(name).specification"))
    }
    // Another border of the segment: its members, its rule, and the one picture that shows it.
    let again = try space.run(["figures"], ["Segment.to": "0.9"])
    #expect(again.built == ["week5.members", "week5.segment", "figures.topology"])
    #expect(again.steps["figures.topology"]?.fields.contains("parameters.values.to") == true)
    // The same bytes from another processor's point of view.
    space.environment["GLIBC_TUNABLES"] = "glibc.cpu.hwcaps=-FMA,-AVX2"
    let words = ["verify"] + ["histogram", "roc", "topology", "trials"].map { "figures.\($0)" }
    let verdicts = try space.atelier(words + ["--json"]).lines().filter {
      $0["event"]?.string == "verify"
    }
    #expect(verdicts.filter { $0["step"]?.string?.hasPrefix("figures.") == true }.count >= 4)
    #expect(verdicts.allSatisfy { $0["status"]?.string == "same" })
  }

  @Test func theFiguresAreAStageOfTheirOwnAfterWeekFive() throws {
    let space = try Space()
    #expect(try space.atelier(["graph", "week5"]).out.contains("figures.") == false)
    #expect(
      try space.atelier(["graph", "pictures"]).out == space.atelier(["graph", "figures"]).out)
    let steps = try space.atelier(["list", "steps", "--json"]).lines()
    let listed = steps.compactMap { $0["step"]?.string }.filter { $0.hasPrefix("figures.") }
    #expect(listed.sorted() == (Self.figures + ["trial-table"]).map { "figures.\($0)" }.sorted())
  }
}

extension Space {
  /// Throws unless the renderer is installed.
  func requireDrawing() throws {
    for variable in ["ATELIER_VL_CONVERT", "ATELIER_FIGURE_PYTHON"] {
      guard let path = Self.tools[variable], FileManager.default.isReadableFile(atPath: path) else {
        throw ProgramError("no renderer (\(variable)): run 'make setup'")
      }
    }
  }

  /// An output's bytes as text.
  fileprivate func read(_ output: String) throws -> String {
    let path = try atelier(["show", output, "--format", "path"]).out
    return try String(
      contentsOfFile: path.trimmingCharacters(in: .newlines), encoding: .utf8)
  }

  /// How many marks each picture must have, by the tables that it draws.
  fileprivate func expectedMarks() throws -> [String: Int] {
    func rows(_ output: String) throws -> [[String]] {
      try read(output).split(separator: "\n").dropFirst().map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
    }
    let funnel = [
      "directMarketing.emailSent", "directMarketing.emailOpened", "directMarketing.emailClicked",
      "web.formFilledOut",
    ]
    let coarse = try rows("week5.topology").filter { row in
      row.prefix(2).allSatisfy { $0.hasSuffix("0") || $0.hasSuffix("5") }
    }
    return [
      "confusion": 4, "cooccurrence": try rows("week1.cooccurrence").count,
      "correlation": try rows("week1.correlation").filter { $0[1] != "" }.count,
      "funnel": try rows("week1.funnel").filter { funnel.contains($0[0]) }.count,
      "histogram": try rows("week5.histogram").count,
      "reach": try 2 * rows("week5.reach").count,
      // The curve, the diagonal and the threshold.
      "roc": 3, "topology": coarse.count + 1,
      "trials": try rows("figures.trial-table").count,
      // The diagonal and the intervals that hold users; the curve and the line of everybody.
      "calibration": try rows("week4.metrics.calibration").count { $0[2] != "0" } + 1,
      "precision-recall": 2, "lift": 10,
      "importances": try rows("week4.importances").count,
    ]
  }
}

/// A picture, read by an XML parser.
private final class Picture: NSObject, XMLParserDelegate {
  let text: String
  private(set) var marks = 0
  private var isWhole = false
  private var root: [String: String] = [:]
  private var texts: [String: String] = [:]
  private var ids: [String] = []
  private var references: [String] = []
  private var path: [(name: String, id: String?)] = []

  init(_ text: String) throws {
    self.text = text
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    isWhole = parser.parse()
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    if path.isEmpty { root = attributes }
    path.append((name, attributes["id"]))
    if let id = attributes["id"] { ids.append(id) }
    for (key, value) in attributes {
      if key == "href" || key.hasSuffix(":href") { references.append(value) }
      for part in value.components(separatedBy: "url(").dropFirst() {
        references.append(String(part.prefix { $0 != ")" }))
      }
    }
    // The title of a mark, not that of the picture.
    if name == "title", path.count > 2 { marks += 1 }
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    if let id = path.last?.id { texts[id, default: ""] += text }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) { path.removeLast() }

  /// What holds for every picture and its specification.
  func check(_ name: String, specification: String) throws {
    #expect(isWhole, "\(name) is XML")
    #expect(root["role"] == "img" && root["viewBox"] != nil, "\(name)")
    let json = try JSONValue(parsing: specification)
    #expect(try json.canonicalText() == specification, "\(name)")
    let title = json["title"]?["text"]?.string ?? json["title"]?.string
    #expect(title?.isEmpty == false && title == texts[root["aria-labelledby"] ?? ""], "\(name)")
    let description = json["description"]?.string
    #expect(description?.isEmpty == false, "\(name)")
    #expect(description == texts[root["aria-describedby"] ?? ""], "\(name)")
    #expect(!(description ?? "{").contains("{"), "\(name)")
    #expect(ids.allSatisfy { $0.hasPrefix("figure-\(name)-") }, "\(name)")
    #expect(Set(ids).count == ids.count, "\(name)")
    #expect(references.allSatisfy { $0.hasPrefix("#figure-\(name)-") }, "\(name)")
    let links = text.components(separatedBy: "http").dropFirst()
    #expect(links.allSatisfy { $0.hasPrefix("://www.w3.org/") }, "\(name)")
    for word in ["NaN", "undefined", "Infinity", "<script", "<style", "<image"] {
      #expect(!text.contains(word), "\(name): \(word)")
    }
  }
}
