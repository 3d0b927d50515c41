// How generated sources get onto the disk; their time is what debug builds go by.
import Foundation
import Testing

@testable import Fingerprint

@Suite struct GeneratedFileTests {
  @Test func takesItsTimeFromTheText() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    func time() throws -> Double? {
      let attributes = try FileManager.default.attributesOfItem(atPath: file.path())
      return (attributes[.modificationDate] as? Date)?.timeIntervalSince1970
    }

    // The first seven digits of `printf a | sha256sum`, ca978112..., and of `printf b`, 3e23e816...
    try GeneratedFile(text: "a").write(to: file.path())
    #expect(try time() == 1_000_000_000 + 0xca97811)
    try GeneratedFile(text: "b").write(to: file.path())
    #expect(try time() == 1_000_000_000 + 0x3e23e81)
    #expect(try String(contentsOf: file, encoding: .utf8) == "b")

    // The same text is not written again: nothing has to be compiled.
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 5)], ofItemAtPath: file.path())
    try GeneratedFile(text: "b").write(to: file.path())
    #expect(try time() == 5)
    #expect(!FileManager.default.fileExists(atPath: file.path() + ".new"))
  }

  @Test func failsWithoutAFolder() {
    #expect(throws: FingerprintError.self) {
      try GeneratedFile(text: "a").write(to: "/nowhere/a.swift")
    }
  }
}
