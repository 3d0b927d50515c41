// What goes into a fingerprint: golden values, and what changes them.
import Foundation
import Testing

@testable import Fingerprint

@Suite struct CodeDigestTests {
  private let files = [
    "Steps/Demo/Demo.swift": "// A step.\nstruct Demo {\n  let seed = 7  // lucky\n}\n",
    "Steps/Demo-2/B.swift": "let b = 1\n",
    "Sources/CDemo/demo.c": "/* C. */\nint demo(void) { return 1; }\n",
    "Sources/CDemo/include/demo.h": "int demo(void);\n",
  ]

  private func digest(
    _ change: (inout [String: String]) -> Void = { _ in }, compiler: String = "Swift version 1.2",
    tools: String = "6.2.0"
  ) throws -> CodeDigest {
    var files = files
    change(&files)
    return try CodeDigest.of(
      files.map { try HashedSource(SourceFile(path: $0.key, bytes: Array($0.value.utf8))) },
      build: ["compiler": compiler, "tools": tools])
  }

  /// Both values come from `hashlib` over the documented bytes, not from this code.
  @Test func isGolden() throws {
    let plain = try digest()
    #expect(
      plain.files["Steps/Demo/Demo.swift"]
        == "13fd1d4b32a64c8a7813f2cb169213b11c7942ff69194bdcb0db6f334ac61fbd")
    #expect(plain.hex == "cf21defab6afe43f024906be1f0e6deb3c47cb044a558573b87cef869f4dd796")
    #expect(plain.raw == nil)
    #expect(plain.build == ["compiler": "Swift version 1.2", "tools": "6.2.0"])
    #expect(plain.files.keys.sorted() == files.keys.sorted())
    #expect(
      plain.files["Sources/CDemo/demo.c"]
        == "045d3c09f81084b443775da36004b5faaaae776fa757ae17e55714c712a15410")
    let raw = try digest { $0["Steps/Demo-2/B.swift"] = "let b = 1\nlet c = #line\n" }
    #expect(raw.hex == "be0453ca5a943861b54a97520d4dbd157c92aef2c67c9f01f6825e4f3d02d55e")
    #expect(
      raw.raw == .init(path: "Steps/Demo-2/B.swift", cause: Unsure(reason: .directive, line: 2)))
  }

  @Test func isTheSameInEveryFolder() throws {
    var digests: Set<CodeDigest> = []
    for _ in 0..<2 {
      let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      defer { try? FileManager.default.removeItem(at: root) }
      for (path, text) in files {
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
      }
      let read = try files.keys.map { try SourceFile(path: $0, below: root.path()) }
      digests.insert(
        try CodeDigest.of(
          try read.map { try HashedSource($0) },
          build: ["compiler": "Swift version 1.2", "tools": "6.2.0"]))
    }
    #expect(digests == [try digest()])
  }

  @Test func ignoresCommentsAndLayout() throws {
    let other = try digest {
      $0["Steps/Demo/Demo.swift"] = "struct Demo {\r\n\tlet seed = 7 /* lucky */\n\n}"
    }
    #expect(try other == digest())
  }

  @Test func changesWithEverythingElse() throws {
    let demo = "Steps/Demo/Demo.swift"
    let b = "Steps/Demo-2/B.swift"
    let header = "Sources/CDemo/include/demo.h"
    let all = [
      try digest(),
      try digest { $0[demo] = $0[demo]?.replacing("7", with: "8") },
      try digest { $0[demo] = $0[demo]?.replacing(" = 7", with: "\n= 7") },
      try digest { $0[header] = "int  demo(void);\n" },
      try digest { $0["Sources/CDemo/demo.c"]? += "// c" },
      try digest { $0[b] = nil },
      try digest { $0["Steps/Demo/New.swift"] = "" },
      try digest { ($0[b], $0["Steps/Demo-2/C.swift"]) = (nil, $0[b]) },
      try digest { ($0[b], $0[demo]) = ($0[demo], $0[b]) },
      try digest(compiler: "Swift version 1.3"),
      try digest(tools: "6.3.0"),
    ].map(\.hex)
    #expect(Set(all).count == all.count)
  }

  @Test func countsCommentsOfAllIfOneIsRaw() throws {
    func raw(_ comment: String) throws -> CodeDigest {
      try digest {
        $0["Steps/Demo/Demo.swift"]? += comment
        $0["Steps/Demo-2/B.swift"] = "let b = #fileID"
      }
    }
    #expect(try raw("// a").hex != raw("// b").hex)
  }

  @Test func tellsNormalFromRaw() throws {
    let plain = try CodeDigest.of(
      [HashedSource(SourceFile(path: "a.swift", bytes: Array("a".utf8)))],
      build: ["compiler": "c", "tools": "t"])
    let other = try CodeDigest.of(
      [
        HashedSource(SourceFile(path: "a.swift", bytes: Array("a".utf8))),
        HashedSource(SourceFile(path: "b.swift", bytes: Array("'".utf8))),
      ], build: ["compiler": "c", "tools": "t"])
    #expect(plain.raw == nil && other.raw?.path == "b.swift")
    #expect(plain.hex != other.hex)
  }

  @Test(arguments: ["/a.swift", "../a.swift", "a//b.swift", "a/./b.swift", "", "a\u{0}"])
  func refusesPath(_ path: String) {
    #expect(throws: FingerprintError.badPath(path)) { try SourceFile(path: path, bytes: []) }
  }

  @Test func refusesWhatIsNoSource() throws {
    let file = try HashedSource(SourceFile(path: "a.swift", bytes: []))
    #expect(throws: FingerprintError.repeatedPath("a.swift")) {
      try CodeDigest.of([file, file], build: ["compiler": "c", "tools": "t"])
    }
    #expect(throws: FingerprintError.badText(name: "compiler", value: "")) {
      try CodeDigest.of([file], build: ["compiler": ""])
    }
    #expect(throws: FingerprintError.badText(name: "tools", value: "a\nb")) {
      try CodeDigest.of([file], build: ["tools": "a\nb"])
    }
    #expect(throws: FingerprintError.unreadable(path: "no.swift")) {
      try SourceFile(path: "no.swift", below: "/nowhere")
    }
  }
}
