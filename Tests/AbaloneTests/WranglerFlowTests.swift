// Data Wrangler flows: the sample's records come of one, and what cannot be done is named.
import AtelierTesting
import Documents
import Features
import Foundation
import Testing

@testable import Abalone

@Suite struct WranglerFlowTests {
  private static let last = "11111111-aaaa-4000-8000-000000000005.default"

  /// The flow of these tests, with one text in it replaced.
  private func flow(
    _ old: String = "", _ new: String = "", output: String = last,
    _ settings: WranglerSettings = WranglerSettings()
  ) throws -> Flow {
    let text = try TestFiles.text(TestTools.root + "/Tests/AbaloneTests/abalone.flow")
    #expect(old.isEmpty || text.contains(old), "\(old)")
    return try Flow(
      Array(text.replacing(old, with: new).utf8), file: "a.flow", output: output,
      wrangler: settings)
  }

  private func shipped() throws -> Flow {
    let path = TestTools.root + "/Workshops/Abalone/Flows/abalone.flow.json"
    return try Flow(TestFiles.read(path), file: path)
  }

  private func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  @Test func theSameRecordsComeOfBothForms() throws {
    let flow = try flow()
    let shipped = try shipped()
    #expect(flow.names == [Self.last])
    #expect(try json(flow.input) == json(shipped.input))
    #expect(
      try flow.encoding(of: Self.last, eventTime: 60)
        == shipped.encoding(of: "features", eventTime: 60))
    let scaling = try flow.scaling(of: Self.last)
    #expect(scaling == (try shipped.scaling(of: "features")) && scaling.count == 7)
  }

  @Test func identifierAndCategoriesAreSettings() throws {
    let settings = WranglerSettings(
      identifier: "rings", categories: try WranglerSettings.categories("x: 1; sex : F,I"))
    let definition = try flow(output: Self.last, settings)
      .encoding(of: Self.last, eventTime: 0).definition()
    #expect(definition.recordIdentifier == "rings" && definition.eventTime == "record_time")
    #expect(definition.features.map(\.name).suffix(3) == ["sex_F", "sex_I", "record_time"])
    for text in ["sex", "sex:", "sex: M,,F", ": M", "sex: M, M", "sex: M; sex: F"] {
      #expect(throws: WranglerSettings.Refused.self) { try WranglerSettings.categories(text) }
    }
  }

  @Test(arguments: [
    (
      "s3_source_0.1", "athena_source_0.1",
      "nodes[0]: the node '11111111-aaaa-4000-8000-000000000001' (athena_source_0.1): this operator "
        + "is not known; known are s3_source_0.1"
    ),
    ("\"csv\"", "\"parquet\"", "s3ContentType: the node '11111111"),
    ("\"s3HasHeader\": true", "\"s3HasHeader\": false", "s3HasHeader: the node '"),
    (
      "\"schema\"", "\"shape\"", "(infer_and_cast_type_0.1): has no schema under trained_parameters"
    ),
    (
      "\"rings\": \"long\"", "\"rings\": \"timestamp\"",
      "schema.rings: the node '11111111-aaaa-4000-8000-000000000002' (infer_and_cast_type_0.1): the "
        + "column 'rings' is of type 'timestamp'"
    ),
    (
      "StandardScaler", "MinMaxScaler",
      "nodes[2].parameters.code: the node '11111111-aaaa-4000-8000-000000000003' (custom_pandas_0.1): "
        + "this code is none of the forms that are known"
    ),
    ("'record_id', 'sex', 'rings'], axis", "'record_id', 'sex'], axis", "none of the forms"),
    ("'length', 'diameter'", "'diameter', 'length'", "name the columns that are not dropped"),
    ("'shell_weight'])", "'shell'])", "name the columns that are not dropped"),
    (
      "\"length\": \"float\"", "\"length\": \"long\"",
      "scales 'length', which is not a column of type"
    ),
    (
      "One-hot encode", "Ordinal encode",
      "nodes[3].parameters.operator: the node '11111111-aaaa-4000-8000-000000000004' "
        + "(encode_categorical_0.1): 'Ordinal encode': expected One-hot encode; write a flow document"
    ),
    ("\"drop_last\": false", "\"drop_last\": true", "expected drop_last false"),
    ("\"Columns\"", "\"Vector\"", "'Vector': expected Columns"),
    ("\"Keep\"", "\"Skip\"", "'Skip': expected Keep or Error"),
    ("\"input_column\": \"sex\"", "\"input_column\": \"rings\"", "'rings' is not a column of type"),
    ("\"drop_last\": false", "\"drop_last\": false, \"prefix\": \"s\"", "parameter is not known"),
    ("'record_time'", "'rings'", "sets 'rings', and there is a time or a column already"),
    ("now] * len", "now + 1] * len", "none of the forms"),
    ("dtype='float'", "dtype='string'", "none of the forms"),
    ("column = 'record_time'", "column = input()", "none of the forms"),
    ("import time", "import os", "none of the forms"),
    (
      "\"version\": 1", "\"version\": 2",
      "metadata.version: expected 1, the version of Data Wrangler"
    ),
    (
      "\"node_id\": \"11111111-aaaa-4000-8000-000000000004\", \"output_name\"",
      "\"node_id\": \"x\", \"output_name\"", "reads the node 'x', which is not there"
    ),
    (
      "\"node_id\": \"11111111-aaaa-4000-8000-000000000003\",\n",
      "\"node_id\": \"11111111-aaaa-4000-8000-000000000002\",\n", "two nodes have this node_id"
    ),
    (
      "\"node_id\": \"11111111-aaaa-4000-8000-000000000002\", \"output_name\"",
      "\"node_id\": \"11111111-aaaa-4000-8000-000000000004\", \"output_name\"", "in a circle"
    ),
    (
      "\"operator\": \"sagemaker.s3", "\"op\": \"sagemaker.s3", "a.flow: nodes[0].operator: missing"
    ),
  ])
  func whatCannotBeDoneIsNamed(old: String, new: String, said: String) {
    let error = #expect(throws: DocumentError.self) { try flow(old, new) }
    let text = error?.description ?? ""
    #expect(text.hasPrefix("a.flow: ") && text.contains(said), "\(text)")
  }

  @Test func anOutputIsChosenByItsNode() throws {
    let error = #expect(throws: DocumentError.self) { try flow(output: "features") }
    #expect(
      error?.description
        == "a.flow: nodes: there is no output 'features', but \(Self.last); set [Abalone] output")
    let early = #expect(throws: DocumentError.self) {
      try flow(output: "11111111-aaaa-4000-8000-000000000004.default")
    }
    #expect(early?.description.contains("its output has no event time") == true)
    let none = #expect(throws: DocumentError.self) {
      try flow(output: Self.last, WranglerSettings(categories: [:]))
    }
    #expect(none?.description.contains("categories = sex: value, value") == true)
    let other = #expect(throws: DocumentError.self) {
      try flow(output: Self.last, WranglerSettings(identifier: "id"))
    }
    #expect(
      other?.description.contains("set [Abalone] record_identifier to one of record_id") == true)
  }

  @Test(arguments: [
    (
      "df[['a', 'b']] = StandardScaler().fit_transform(df[['a', 'b']])",
      PandasForm.scaling(["a", "b"])
    ),
    (
      "x = df.drop(columns=[\"id\"]); y = StandardScaler().fit_transform(x)\n"
        + "z = pd.DataFrame(y, columns=[\"a\",])\ndf = pd.concat([z, df[[\"id\"]]], axis=1)",
      .scalingOfOthers(but: ["id"], named: ["a"])
    ),
    ("import time\ndf['t'] = time.time()", .time(column: "t")),
    ("now = int(round(time.time()))  # seconds\ndf[\"t\"] = now", .time(column: "t")),
  ])
  func formsOfCode(code: String, form: PandasForm) {
    #expect(PandasForm(code) == form)
  }

  @Test(arguments: [
    "", "df = df", "df['t'] = 'x' 'y'", "df['t'] = time.time(", "df['t'] = time.time()]",
    "df['t'] = time.time()\ndf['u'] = time.time()", "df['t'] = time.time() # \\\n+ 1",
    "df[['a']] = StandardScaler().fit_transform(df[['b']])", "df['t' = time.time()", "'",
    "df['t'] = f'{time.time()}'", "import time as t\ndf['t'] = t.time()",
  ])
  func otherCodeIsOfNoForm(code: String) {
    #expect(PandasForm(code) == nil)
  }

  @Test func noBytesBreakTheReader() throws {
    let bytes = try TestFiles.read(TestTools.root + "/Tests/AbaloneTests/abalone.flow")
    let found = try FuzzBudget("Data Wrangler flow", count: 3000).run(
      corpus: [bytes],
      words: ["\"nodes\"", "[", "]", "{", "}", "\\n", "'", "(", ")", "time", "1e999"]
    ) { bytes in
      let levels: [MemberOrder.Level] = [.member("nodes"), .element(1), .member("inputs")]
      _ = MemberOrder.names(at: levels, in: bytes)
      return (try? Flow(bytes, file: "a.flow", output: Self.last)) != nil
    }
    #expect(found.accepted > 0 && found.refused > 0, "\(found)")
  }

  @Test func membersKeepTheOrderOfTheText() {
    let text = #"[{"b": {"x": "}\"", "a": [1, {"z": 0}]}, "\u0061": null}]"#
    func names(_ path: [MemberOrder.Level]) -> [String] {
      MemberOrder.names(at: path, in: Array(text.utf8))
    }
    #expect(names([.element(0)]) == ["b", "a"])
    #expect(names([.element(0), .member("b")]) == ["x", "a"])
    #expect(names([.element(0), .member("b"), .member("a"), .element(1)]) == ["z"])
    #expect(names([]).isEmpty && names([.element(1)]).isEmpty && names([.member("b")]).isEmpty)
    #expect(MemberOrder.names(at: [], in: Array("{\"a\"".utf8)) == ["a"])
  }
}
