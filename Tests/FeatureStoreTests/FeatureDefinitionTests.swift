// Which definitions of a feature group there can be, and how they may grow.
import AtelierStep
import AtelierTesting
import Content
import Testing

@Suite struct FeatureDefinitionTests {
  typealias Feature = FeatureDefinition.Feature

  private static let base = [Feature("id", .string), Feature("time", .fractional)]

  private func definition(_ features: [Feature]) throws -> FeatureDefinition {
    try FeatureDefinition(recordIdentifier: "id", eventTime: "time", features: features)
  }

  /// What is said of features that cannot be.
  private func refusal(
    _ features: [Feature], identifier: String = "id", time: String = "time"
  ) -> String? {
    do {
      _ = try FeatureDefinition(
        recordIdentifier: identifier, eventTime: time, features: features)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [
    "", "-a", "a-", "_a", "a_", "a b", "a.b", "ä", "a'b", "a\"b", "a\0b",
    String(repeating: "a", count: 65),
  ])
  func aNameThatSageMakerDoesNotTakeIsNamed(_ name: String) {
    let text = refusal(Self.base + [Feature(name, .integral)])
    #expect(text?.contains("'\(name)' is no name of a feature") == true)
  }

  @Test(arguments: ["a", "A1", "a-b_c", "0", String(repeating: "a", count: 64)])
  func otherNamesAreFine(_ name: String) {
    #expect(refusal(Self.base + [Feature(name, .integral)]) == nil)
  }

  @Test(arguments: [
    "batch", "Batch_Row", "event_date", "write_time", "IS_DELETED", "api_invocation_time",
    "filename", "file_row_number",
  ])
  func aColumnOfTheStoreItselfIsNoFeature(_ name: String) {
    let text = refusal(Self.base + [Feature(name, .string)])
    #expect(text?.contains("'\(name)' is a column of the feature store itself") == true)
  }

  @Test func identifierAndTimeAreFeaturesOfTheirTypes() {
    #expect(refusal(Self.base) == nil)
    #expect(refusal(Self.base, identifier: "key")?.contains("'key' is none of") == true)
    #expect(refusal(Self.base, time: "when")?.contains("'when' is none of") == true)
    #expect(refusal(Self.base, identifier: "time")?.contains("'time' is Fractional") == true)
    #expect(refusal(Self.base, time: "id")?.contains("'id' is String") == true)
    #expect(
      refusal([Feature("id", .integral), Feature("time", .integral)])?
        .contains("'time' is Integral") == true)
    #expect(
      refusal(Self.base + [Feature("X", .string), Feature("x", .string)])?
        .contains("'x' is there twice") == true)
  }

  @Test func aGroupGainsFeaturesAndNothingElse() throws {
    let old = try definition(Self.base + [Feature("a", .integral)])
    let wider = try definition(
      [Feature("b", .string), Feature("a", .integral)] + Self.base.reversed())
    // The old order stays, whatever that of the new one is.
    #expect(try old.evolved(by: wider).features.map(\.name) == ["id", "time", "a", "b"])
    #expect(try old.evolved(by: old) == old)
    let changes: [([Feature], String)] = [
      (Self.base, "'a' is missing"),
      (Self.base + [Feature("a", .string)], "'a' is String, and the group's is Integral"),
      (Self.base + [Feature("A", .integral)], "'a' is missing"),
      (Self.base + [Feature("a", .integral), Feature("A", .integral)], "'a' is there twice"),
    ]
    for (features, text) in changes {
      let error = #expect(throws: StepFailure.self) { try old.evolved(by: definition(features)) }
      #expect(error.map { "\($0)" }?.contains(text) == true)
    }
    let other = try FeatureDefinition(
      recordIdentifier: "a", eventTime: "time", features: old.features)
    #expect(throws: StepFailure.self) { try old.evolved(by: other) }
    let later = old.features + [Feature("later", .fractional)]
    let timed = try FeatureDefinition(
      recordIdentifier: "id", eventTime: "later", features: later)
    #expect(throws: StepFailure.self) { try definition(later).evolved(by: timed) }
  }

  @Test(arguments: 0..<200)
  func evolutionNeverRemovesNorRetypes(_ seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    var group = try definition(Self.base)
    for _ in 0..<8 {
      var features = Bool.random(using: &random) ? group.features : Self.base
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        let name = ["a", "b", "c", "d", "e"].randomElement(using: &random) ?? "a"
        let type = FeatureDefinition.ValueType.allCases.randomElement(using: &random) ?? .string
        if !features.contains(where: { $0.name == name }) { features.append(Feature(name, type)) }
      }
      features.shuffle(using: &random)
      let next = try definition(features)
      guard let grown = try? group.evolved(by: next) else {
        // Only what is missing or of another type is refused.
        #expect(!group.features.allSatisfy(features.contains))
        continue
      }
      #expect(Array(grown.features.prefix(group.features.count)) == group.features)
      #expect(Set(grown.features) == Set(group.features).union(features))
      #expect(try grown.evolved(by: grown) == grown)
      group = grown
    }
  }

  @Test func jsonIsReadBack() throws {
    let one = try definition(
      Self.base + [Feature("a-b", .integral), Feature("C_d", .fractional)])
    let bytes = try one.json.canonicalBytes()
    #expect(try FeatureDefinition(json: JSONValue(parsing: bytes)) == one)
    #expect(
      String(decoding: bytes, as: UTF8.self) == """
        {"EventTimeFeatureName":"time","FeatureDefinitions":[\
        {"FeatureName":"id","FeatureType":"String"},\
        {"FeatureName":"time","FeatureType":"Fractional"},\
        {"FeatureName":"a-b","FeatureType":"Integral"},\
        {"FeatureName":"C_d","FeatureType":"Fractional"}],"RecordIdentifierFeatureName":"id"}
        """)
  }

  @Test func whatIsReadIsWrittenTheSameWhateverTheBytes() throws {
    let corpus = try [Self.base, Self.base + [Feature("a", .integral), Feature("b", .string)]]
      .map { try definition($0).json.canonicalBytes() }
    let found = try FuzzBudget("feature definitions", count: 5000).run(
      corpus: corpus, words: ["\"Integral\"", "\"String\"", "FeatureName", "id", "batch"]
    ) { bytes in
      guard let json = try? JSONValue(parsing: bytes),
        let one = try? FeatureDefinition(json: json)
      else { return false }
      guard try FeatureDefinition(json: one.json) == one else {
        throw BrokenProperty("read back as another one")
      }
      guard try one.evolved(by: one) == one else { throw BrokenProperty("is no growth of itself") }
      return true
    }
    #expect(found.accepted >= corpus.count && found.refused > 1000, "\(found)")
  }
}
