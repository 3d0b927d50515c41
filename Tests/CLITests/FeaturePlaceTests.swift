// Groups of two workshops: which one a name means, and what it is called in SQL.
import Atelier
import AtelierStep
import AtelierTesting
import Content
import FeatureStore
import Foundation
import LocalStores
import Publishing
import Testing

@testable import CLI
@testable import CommandLine
@testable import FeatureVerbs
@testable import Project
@testable import Terminal

private enum North: Workshop {
  static let name = "north"
  static let folder = "North"
  static let summary = "keeps features"
  static let stages: [Stage] = []
  static let keepsFeatures = true
  static func wire(_ pipeline: inout PipelineBuilder, _ settings: NoSettings) throws {}
}

private enum South: Workshop {
  static let name = "south"
  static let folder = "South"
  static let summary = "keeps features"
  static let stages: [Stage] = []
  static let keepsFeatures = true
  static func wire(_ pipeline: inout PipelineBuilder, _ settings: NoSettings) throws {}
}

private enum Plain: Workshop {
  static let name = "plain"
  static let folder = "Plain"
  static let summary = "keeps none"
  static let stages: [Stage] = []
  static func wire(_ pipeline: inout PipelineBuilder, _ settings: NoSettings) throws {}
}

@Suite struct FeaturePlaceTests {
  private let folder: TemporaryFolder
  private let workshops: [any Workshop.Type] = [Plain.self, North.self, South.self]

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("", to: "Package.swift")
    for name in ["North", "South", "Plain"] {
      try folder.write("[AWS]\ns3_prefix = \(name)\n", to: "Workshops/\(name)/config.ini")
    }
  }

  private func places(_ words: String...) throws -> FeaturePlaces {
    try places(workshops, ["--set", "Atelier.root=\(folder("store"))"] + words)
  }

  private func places(
    _ workshops: [any Workshop.Type], _ words: [String]
  ) throws -> FeaturePlaces {
    let tree = Commands.tree(version: "1")
    let line = ["features", "list", "--project", folder.path] + words
    guard case .run(_, let call) = try tree.parse(line) else { throw UsageError("no call") }
    return try FeaturePlaces(
      call,
      VerbContext(
        workshops: workshops, steps: { [] }, verbs: { tree.names }, environment: [:],
        output: Console(CapturedOutput())))
  }

  /// Ingests a text, which nothing here reads, as a group's only file.
  private func ingest(_ group: String, _ prefix: String) throws {
    let local = try LocalStore.open(root: folder("store"), readOnly: false)
    let draft = "store/.atelier/work/\(UUID().uuidString)"
    let definition = try FeatureDefinition(
      recordIdentifier: "id", eventTime: "time",
      features: [.init("id", .string), .init("time", .fractional)])
    try folder.write(definition.json.canonicalText(), to: "\(draft)/group.json")
    try folder.write(prefix, to: "\(draft)/event_date=2026-11-01/records.parquet")
    let record = try local.trees.adoptTree(folder(draft), mediaType: FeatureRecords.mediaType)
    _ = try OfflineFeatureStore(
      local: local, published: PublishedFolder(local), bucket: "", prefix: prefix
    ).ingest(
      FeatureBatch(record, in: local), into: group,
      by: .init(run: "run", host: "anna@here"), at: Timestamp(milliseconds: 0))
    try local.close()
  }

  /// The text of what is thrown.
  private func refusal(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return ErrorExit(error).code == ExitCode.usage ? "\(error)" : nil
    }
  }

  @Test func aNameThatTwoWorkshopsHaveWantsAWorkshop() throws {
    try ingest("shared", "North")
    try ingest("shared", "South")
    try ingest("own", "South")
    #expect(try places().all().map(\.name) == ["own", "shared", "shared"])
    #expect(try places().find("own").workshop == "south")
    let text = refusal { _ = try places().find("shared") }
    #expect(text?.contains("of north and of south") == true)
    #expect(text?.contains("--workshop NAME") == true)
    #expect(try places("--workshop", "south").find("shared").workshop == "south")
    #expect(try FeatureViews(places().all()).names == ["own", "own_latest", "own_at(seconds)"])
    #expect(try places("--workshop", "north").all().map(\.name) == ["shared"])
  }

  @Test func aWorkshopThatIsNoneOrKeepsNoneIsNamed() {
    #expect(refusal { _ = try places("--workshop", "nort") }?.contains("'north'") == true)
    let text = refusal { _ = try places("--workshop", "plain") }
    #expect(text?.contains("plain keeps no features; those that do: north, south") == true)
    #expect(
      refusal { _ = try places("--config", folder("x.ini")) }?.contains("--workshop") == true)
  }

  @Test func oneFolderOfTwoWorkshopsIsLookedAtOnce() throws {
    try ingest("shared", "one")
    let places = try places("--set", "AWS.s3_prefix=one")
    #expect(try places.all().map(\.workshop) == ["north"])
  }

  @Test func withoutGroupsItSaysWhichWorkshopsMakeThem() throws {
    #expect(try places().all().isEmpty)
    #expect(try places().whyNone.contains("atelier run north, or atelier run south"))
    #expect(refusal { _ = try places().find("x") }?.contains("no feature group is kept") == true)
    #expect(try places([Plain.self], []).whyNone.contains("no workshop of this project"))
  }

  @Test("data D2: a name that would mean two groups means none, and all others stay")
  func sharedNames() throws {
    try ingest("a-b", "North")
    try ingest("a-b-latest", "South")
    try ingest("other", "North")
    #expect(
      try FeatureViews(places().all()).names == [
        "a_b", "a_b_at(seconds)", "a_b_latest_latest", "a_b_latest_at(seconds)", "other",
        "other_latest", "other_at(seconds)",
      ])
    try ingest("OTHER", "South")
    #expect(
      try FeatureViews(places().all()).names == [
        "a_b", "a_b_at(seconds)", "a_b_latest_latest", "a_b_latest_at(seconds)",
      ])
  }
}
