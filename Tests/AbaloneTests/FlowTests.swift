// The flow documents that are shipped, and every mistake in one, named by file and member.
import AtelierStep
import AtelierTesting
import Documents
import Features
import Foundation
import LearningFormats
import Testing

@testable import Abalone

@Suite struct FlowTests {
  private static func shipped(_ name: String) throws -> Flow {
    let path = TestTools.root + "/Workshops/Abalone/Flows/\(name).flow.json"
    return try Flow(Array(Data(contentsOf: URL(fileURLWithPath: path))), file: name)
  }

  @Test func theShippedFlowsGiveTheSampleGroup() throws {
    for name in ["abalone", "uci"] {
      let encoding = try Self.shipped(name).encoding(of: "features", eventTime: 60)
      let definition = try encoding.definition()
      #expect(definition.recordIdentifier == "record_id" && definition.eventTime == "record_time")
      #expect(
        definition.features.filter { $0.type == .integral }.map(\.name) == ["record_id", "rings"])
      #expect(definition.features.filter { $0.type == .fractional }.count == 11)
      #expect(
        definition.features.suffix(4).map(\.name) == ["sex_M", "sex_I", "sex_F", "record_time"])
      #expect(encoding.features.last?.source == .eventTime(seconds: 60))
      #expect(
        encoding.features.first?.source
          == (name == "uci" ? .rowNumber(from: 0) : .column(name: "record_id")))
    }
    #expect(try Self.shipped("abalone").names == ["features", "weights"])
    let weights = try Self.shipped("abalone").encoding(of: "weights", eventTime: 0).definition()
    #expect(weights.values.map(\.type) == [.string] + Array(repeating: .fractional, count: 4))
    #expect(try !Self.shipped("uci").input.header)
  }

  /// A small flow, with one text in it replaced.
  private func flow(_ old: String = "", _ new: String = "") throws -> RecordEncoding {
    let text = """
      {"format": 1,
       "input": {"header": true, "columns": [
         {"name": "id", "type": "String"}, {"name": "at", "type": "Fractional"},
         {"name": "sex", "type": "String"}]},
       "outputs": {"all": {"record_identifier": "id", "event_time": "at", "features": [
         {"name": "id", "type": "String"}, {"name": "at", "type": "Fractional"},
         {"name": "is_M", "type": "Integral", "one_hot": {"column": "sex", "value": "M"}}]}}}
      """
    #expect(old.isEmpty || text.contains(old))
    return try Flow(Array(text.replacing(old, with: new).utf8), file: "my.json")
      .encoding(of: "all", eventTime: 0)
  }

  @Test func aFeatureMayHaveAnotherNameThanItsColumn() throws {
    let encoding = try flow(
      #""name": "is_M", "type": "Integral", "one_hot": {"column": "sex", "value": "M"}"#,
      #""name": "kind", "type": "String", "required": true, "column": "sex""#)
    #expect(
      encoding.features.last
        == EncodedFeature("kind", .string, from: .column(name: "sex"), isRequired: true))
    #expect(try flow().features.last?.isRequired == false)
  }

  @Test("steps 1, features: scaling is declared by the flow, feature by feature")
  func scaling() throws {
    let measures = [
      "diameter", "height", "length", "shell_weight", "shucked_weight", "viscera_weight",
      "whole_weight",
    ]
    for name in ["abalone", "uci"] {
      let scaling = try Self.shipped(name).scaling(of: "features")
      #expect(scaling.keys.sorted() == measures && scaling.values.allSatisfy { $0 == nil })
    }
    #expect(try Self.shipped("abalone").scaling(of: "weights").isEmpty)
    func scaled(_ text: String, type: String = "Fractional") throws -> [String: FeatureScale?] {
      let document = """
        {"format": 1, "input": {"header": true, "columns": [
           {"name": "id", "type": "String"}, {"name": "at", "type": "Fractional"},
           {"name": "v", "type": "Fractional"}]},
         "outputs": {"all": {"record_identifier": "id", "event_time": "at", "features": [
           {"name": "id", "type": "String"}, {"name": "at", "type": "Fractional"},
           {"name": "v", "type": "\(type)", "scaled": \(text)}]}}}
        """
      return try Flow(Array(document.utf8), file: "my.json").scaling(of: "all")
    }
    #expect(try scaled("false").isEmpty)
    #expect(
      try scaled(#"{"mean": 1, "deviation": 0.5}"#) == ["v": FeatureScale(mean: 1, deviation: 0.5)])
    for (text, type, said) in [
      (
        #"{"mean": 1, "deviation": 0}"#, "Fractional", "scaled.deviation: expected a number above 0"
      ),
      (#"{"mean": 1}"#, "Fractional", "scaled.deviation: missing"),
      ("\"yes\"", "Fractional", "scaled: expected an object"),
      ("true", "Integral", "scaled: a feature that is scaled is Fractional"),
    ] {
      let error = #expect(throws: DocumentError.self) { try scaled(text, type: type) }
      #expect(
        error?.description.contains("features[2].\(said)") == true, "\(error?.description ?? "")")
    }
  }

  @Test(arguments: [
    (#"{"format": 1,"#, "{", "my.json: format: missing"),
    (#""format": 1"#, #""format": 2"#, "my.json: format: expected 1"),
    (#"{"format": 1,"#, #"{"format": 1,"# + "\n,", "my.json: not JSON at byte"),
    (
      #""header": true"#, #""haeder": true"#,
      "my.json: input.haeder: unknown member; expected one of header, delimiter, quoted_rows, columns"
    ),
    (#""header": true"#, #""header": 1"#, "my.json: input.header: expected true or false, found 1"),
    (
      #""header": true"#, #""header": true, "delimiter": "ab""#,
      "my.json: input.delimiter: expected one character"
    ),
    (
      #"{"name": "sex", "type": "String"}"#, #"{"name": "sex", "type": "Float"}"#,
      "my.json: input.columns[2].type: expected Integral, Fractional or String, found \"Float\""
    ),
    (
      #""outputs": {"all""#, #""outputs": {"one""#,
      "my.json: outputs: there is no output 'all', but one"
    ),
    (
      #""record_identifier": "id""#, #""record_identifier": "key""#,
      "my.json: outputs.all: the record identifier 'key' is none of the features"
    ),
    (
      #""type": "Integral", "one_hot""#, #""type": "Integral", "required": "yes", "one_hot""#,
      "my.json: outputs.all.features[2].required: expected true or false, found \"yes\""
    ),
    (
      #""column": "sex""#, #""column": "Sex""#,
      "my.json: outputs.all.features[2].one_hot.column: the input has no column 'Sex', but id, at, sex"
    ),
    (#", "value": "M""#, "", "my.json: outputs.all.features[2].one_hot.value: missing"),
    (
      #""one_hot""#, #""row_number": 0, "one_hot""#,
      "my.json: outputs.all.features[2]: expected one of one_hot, row_number, found both"
    ),
    (
      #""one_hot": {"column": "sex", "value": "M"}"#, #""row_number": 1.5"#,
      "my.json: outputs.all.features[2].row_number: expected a whole number, found 1.5"
    ),
    (
      #""one_hot": {"column": "sex", "value": "M"}"#, #""event_time_of_run": false"#,
      "my.json: outputs.all.features[2].event_time_of_run: expected true, or leave it out"
    ),
    (
      #""type": "Integral", "one_hot""#, #""type": "String", "one_hot""#,
      "my.json: outputs.all: the feature 'is_M' is one-hot, 0 or 1: give it a number's type"
    ),
    (
      #""name": "is_M""#, #""name": "is M""#, "my.json: outputs.all: 'is M' is no name of a feature"
    ),
  ])
  func aMistakeIsNamedByFileAndMember(old: String, new: String, said: String) {
    let error = #expect(throws: DocumentError.self) { try flow(old, new) }
    #expect(error?.description.hasPrefix(said) == true, "\(error?.description ?? "")")
  }
}
