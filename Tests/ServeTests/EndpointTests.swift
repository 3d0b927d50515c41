// Endpoints on disk: documents, models, who serves, and what a watcher makes of a change.
import AtelierTesting
import Content
import Foundation
import Testing

@testable import Serve

@Suite struct EndpointTests {
  private let temporary: TemporaryFolder
  private let folder: EndpointFolder

  init() throws {
    temporary = try TemporaryFolder()
    folder = EndpointFolder(temporary("store/.atelier/endpoints"))
  }

  private func document(
    _ bytes: [UInt8], features: Int = 3, name: String = "one"
  ) throws -> EndpointDocument {
    EndpointDocument(
      endpoint: name, model: try Digest.of(bytes),
      previous: try folder.document(name)?.model, source: "test", features: features,
      objective: "binary:logistic", contentType: .jsonLines, updatedAt: "2026-01-01T00:00:00Z")
  }

  private func update(_ bytes: [UInt8], features: Int = 3, name: String = "one") throws {
    try folder.update(try document(bytes, features: features, name: name), model: bytes)
  }

  private var watcher: EndpointWatcher {
    EndpointWatcher(folder, "one", threads: 1, library: Models.library)
  }

  @Test func documentsAreReadBack() throws {
    #expect(try folder.document("one") == nil)
    let bytes = try Models.binary.get()
    try update(bytes)
    let first = try #require(try folder.document("one"))
    #expect(try first == document(bytes, name: "two").renamed("one"))
    #expect(try folder.model(first) == bytes)
    #expect(try folder.endpoints() == ["one"])
  }

  /// The model before stays for a way back; the one before that goes unless another endpoint has it.
  @Test func modelsThatNobodyNamesGo() throws {
    let models = (0..<4).map { Array("model \($0)".utf8) }
    try update(models[0])
    try update(models[0], name: "two")
    try update(models[1])
    try update(models[2])
    try update(models[3])
    let kept = Set(TestFiles.list(temporary("store/.atelier/endpoints/models")))
    let expected = try Set([0, 2, 3].map { try Digest.of(models[$0]).hex })
    #expect(kept == expected)
  }

  @Test(arguments: [
    ("{", "not JSON"), ("[]", "no JSON object"), ("{\"v\":2}", "another version"),
    ("{\"v\":1,\"endpoint\":\"one\",\"model\":\"sha256:1\"}", "no digest in \"model\""),
  ])
  func damagedDocuments(_ text: String, _ words: String) throws {
    try TestFiles.write(Array(text.utf8), to: folder.documentPath("one"))
    let said = failure { try folder.document("one") } ?? ""
    #expect(said.contains(words) && said.contains(folder.documentPath("one")), "\(said)")
  }

  /// A model that is not there yet is told once and loaded when it comes.
  @Test func aFailureThatPassesIsTriedAgain() throws {
    let bytes = try Models.binary.get()
    try update(bytes)
    let model = temporary("store/.atelier/endpoints/models/\(try Digest.of(bytes).hex)")
    try FileManager.default.moveItem(atPath: model, toPath: model + ".away")
    var watcher = watcher
    guard case .refused? = watcher.look(served: nil) else {
      Issue.record("a missing model is accepted")
      return
    }
    #expect(watcher.look(served: nil) == nil, "said twice")
    try FileManager.default.moveItem(atPath: model + ".away", toPath: model)
    guard case .model? = watcher.look(served: nil) else {
      Issue.record("the model is not loaded once it is there")
      return
    }
  }

  @Test func names() {
    for name in ["a", "churn", "Churn-2", "0"] { #expect(EndpointFolder.isName(name)) }
    for name in ["", "-a", "a-", "a.b", "a/b", "ä", String(repeating: "a", count: 64)] {
      #expect(!EndpointFolder.isName(name))
    }
  }

  @Test func oneProcessServes() throws {
    func isFree(_ name: String) throws -> Bool {
      guard let claim = try folder.claim(name) else { return false }
      claim.release()
      return true
    }
    guard let claim = try folder.claim("one") else {
      Issue.record("no claim")
      return
    }
    let isHeld = try !isFree("one")
    let isOtherFree = try isFree("two")
    #expect(isHeld && isOtherFree)
    claim.release()
    let isFreeAgain = try isFree("one")
    #expect(isFreeAgain)
  }

  @Test func aWatcherFollowsTheDocument() throws {
    var watcher = watcher
    if watcher.look(served: nil) != nil { Issue.record("a change of nothing") }
    try update(Models.binary.get())
    guard case .model(let model, let document)? = watcher.look(served: nil) else {
      Issue.record("no model")
      return
    }
    #expect(model.digest == document.model && document.contentType == .jsonLines)
    if watcher.look(served: model) != nil { Issue.record("a change of nothing") }
    try update(Models.binary.get())
    guard case .same? = watcher.look(served: model) else {
      Issue.record("not the same")
      return
    }
    try update(Models.other.get())
    guard case .model(let other, _)? = watcher.look(served: model) else {
      Issue.record("no other model")
      return
    }
    #expect(other.digest != model.digest)
  }

  @Test func aWatcherRefusesWhatItCannotServe() throws {
    var watcher = watcher
    func refusal() -> String? {
      guard case .refused(_, let reason)? = watcher.look(served: nil) else { return nil }
      return reason
    }
    try update(Array("junk".utf8))
    #expect(refusal()?.contains("no XGBoost model") == true)
    try update(Models.binary.get(), features: 4)
    #expect(refusal()?.contains("takes 3 features, the document says 4") == true)
    try update(Models.binary.get())
    let document = try #require(try folder.document("one"))
    let model = temporary("store/.atelier/endpoints/models/\(document.model.hex)")
    try TestFiles.write(Models.other.get(), to: model)
    #expect(refusal()?.contains("not of \(document.model)") == true)
    try TestFiles.write(document.renamed("two").bytes(), to: folder.documentPath("one"))
    #expect(refusal()?.contains("that of the endpoint two") == true)
    try TestFiles.write([], to: folder.documentPath("one"))
    #expect(refusal()?.contains("not JSON") == true)
  }
}

extension EndpointDocument {
  /// The same of an endpoint with another name.
  func renamed(_ name: String) -> EndpointDocument {
    var copy = self
    copy.endpoint = name
    return copy
  }
}
