// Versions of data sets and records of effects: the same everywhere, refused where damaged.
import Content
import Foundation
import PlatformHarness
import Testing

@testable import AdobePlatform

@Suite struct DataSetVersionTests {
  private let version = DataSetVersion(
    host: "platform.adobe.io", organization: "A@AdobeOrg", sandbox: "cmle", dataset: "65041e95",
    batches: [.init(id: "01B", records: 2), .init(id: "01A", records: 106_317)])

  @Test func theDocumentIsCanonical() throws {
    let text = String(decoding: try version.bytes(), as: UTF8.self)
    #expect(
      text
        == #"{"batches":[{"id":"01A","records":106317},{"id":"01B","records":2}],"dataset":"65041e95","#
        + #""host":"platform.adobe.io","org":"A@AdobeOrg","sandbox":"cmle","v":1}"#)
    #expect(try DataSetVersion(parsing: version.bytes()) == version)
    #expect(version.records == 106_319)
  }

  @Test(arguments: [
    "", "{}", "[]", #"{"v":2}"#,
    #"{"batches":[{"id":"01A","records":-1}],"dataset":"d","host":"h","org":"o","sandbox":"s","v":1}"#,
    #"{"batches":[{"id":"a/b","records":1}],"dataset":"d","host":"h","org":"o","sandbox":"s","v":1}"#,
    #"{"batches":[{"id":"B","records":1},{"id":"A","records":1}],"dataset":"d","host":"h","org":"o","#
      + #""sandbox":"s","v":1}"#,
    #"{"batches":[{"id":"A","records":1},{"id":"A","records":1}],"dataset":"d","host":"h","org":"o","#
      + #""sandbox":"s","v":1}"#,
    #"{"batches":[],"dataset":"d","host":"h","more":1,"org":"o","sandbox":"s","v":1}"#,
    #"{ "batches":[],"dataset":"d","host":"h","org":"o","sandbox":"s","v":1}"#,
    #"{"batches":[],"dataset":"d","host":"h","org":"o","sandbox":"","v":1}"#,
  ])
  func anythingElseIsRefused(_ text: String) {
    #expect(throws: UnsoundVersion.self) { _ = try DataSetVersion(parsing: Array(text.utf8)) }
  }
}

@Suite struct IntentFileTests {
  @Test func anIntentIsKept() throws {
    let file = try TemporaryFile("")
    let intent = IntentFile(name: "atelier-1", path: file.folder + "/deep/one.json")
    #expect(try intent.load() == nil)
    let record = Intent(phase: "asked", ids: ["batch": "01A"])
    try intent.save(record)
    #expect(try intent.load() == record)
    try intent.save(Intent(phase: "done"))
    #expect(try intent.load() == Intent(phase: "done"))
    try intent.remove()
    #expect(try intent.load() == nil)
  }

  @Test(arguments: [
    "", "{", #"{"v":1}"#, #"{"ids":{},"name":"other","phase":"x","v":1}"#,
    #"{"ids":{"a":1},"name":"atelier-1","phase":"x","v":1}"#,
  ])
  func aDamagedOneIsNone(_ text: String) {
    #expect(IntentFile.intent(Array(text.utf8), of: "atelier-1") == nil)
  }

  @Test func theNameIsOfTheKey() throws {
    let key = ActionKey(try Digest.of("x"))
    #expect(IntentFile.name(of: key) == "atelier-2d711642b726b044")
  }
}
