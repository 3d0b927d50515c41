// Trees: their canonical form, their rules, and folders that become trees.
import AtelierTesting
import Content
import Foundation
import Testing
import Trees

@testable import LocalStores

@Suite struct TreeTests {
  private func entry(_ path: String, _ text: String = "x", executable: Bool = false) throws
    -> TreeEntry
  {
    TreeEntry(
      path: path, digest: try Digest.of(text), size: Int64(text.utf8.count),
      isExecutable: executable)
  }

  @Test func theBytesAreGolden() throws {
    let manifest = try TreeManifest(
      [
        entry("e\u{301}.txt"), entry("b/run", "#!", executable: true), entry("b-1"),
        entry("q\"\u{1}"),
      ], describing: "t")
    let x = "sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    let run = try Digest.of("#!")
    #expect(
      String(decoding: manifest.bytes, as: UTF8.self) == #"""
        [{"digest":"\#(x)","executable":false,"path":"b-1","size":1},\#
        {"digest":"\#(run)","executable":true,"path":"b/run","size":2},\#
        {"digest":"\#(x)","executable":false,"path":"q\"\u0001","size":1},\#
        {"digest":"\#(x)","executable":false,"path":"\#u{e9}.txt","size":1}]
        """#)
    #expect(manifest.totalSize == 5)
    #expect(
      try JSONValue(parsing: manifest.bytes).canonicalBytes() == manifest.bytes)
    #expect(
      try Digest.of(manifest.bytes).hex
        == "c801e6f1ecac30ea9a364fe6ad4858905cf7a44a946cb72440e129ac9c51b332")
    let parsed = try TreeManifest(parsing: manifest.bytes, digest: Digest.of(manifest.bytes))
    #expect(parsed == manifest)
  }

  @Test func theEmptyTreeIsATree() throws {
    let manifest = try TreeManifest([], describing: "t")
    #expect(manifest.bytes == Array("[]".utf8))
    #expect(try TreeManifest(parsing: manifest.bytes, digest: Digest.of("[]")) == manifest)
  }

  @Test(
    arguments: [
      (["a/../b"], "'a/../b' has '.' or '..' in it"), (["/a"], "'/a' is absolute"),
      (["a//b"], "'a//b' has an empty name in it"), ([""], "a path is empty"),
      (["./a"], "'./a' has '.' or '..' in it"), (["a/"], "'a/' has an empty name in it"),
      (["a", "a"], "'a' and 'a' are one name where case does not count"),
      (["README", "readme"], "'README' and 'readme' are one name where case does not count"),
      (["A/x", "a/y"], "'A/' and 'a/y' are one name where case does not count"),
      (["a", "a/b"], "'a' and 'a/b' are one name where case does not count"),
      (
        ["stra\u{df}e", "STRASSE"], "'STRASSE' and 'straße' are one name where case does not count"
      ),
    ])
  func whatIsNoTreeIsNamed(_ paths: [String], _ problem: String) throws {
    let entries = try paths.map { try entry($0) }
    #expect(throws: TreeError.invalidTree(path: "t", problems: [problem])) {
      try TreeManifest(entries, describing: "t")
    }
  }

  @Test(
    arguments: [
      "", "[", "]", "[]x", "[ ]", "{}", "[,]", "not json", "[{}]",
      #"[{"digest":"sha256:00","executable":false,"path":"a","size":1}]"#,
    ])
  func otherBytesAreNoManifest(_ text: String) throws {
    #expect(throws: TreeError.self) {
      try TreeManifest(parsing: Array(text.utf8), digest: Digest.of(text))
    }
  }

  @Test(arguments: ["../a", "/a", "a/./b", "e\u{301}", "a//b", ""])
  func aHostilePathIsNoManifest(_ path: String) throws {
    let x = try Digest.of("x")
    let text = #"[{"digest":"\#(x)","executable":false,"path":"\#(path)","size":1}]"#
    #expect(throws: TreeError.self) {
      try TreeManifest(parsing: Array(text.utf8), digest: Digest.of(text))
    }
  }

  @Test func anotherOrderOrATwinIsNoManifest() throws {
    let x = try Digest.of("x")
    let parts = ["a", "b"].map {
      #"{"digest":"\#(x)","executable":false,"path":"\#($0)","size":1}"#
    }
    for text in ["[\(parts[1]),\(parts[0])]", "[\(parts[0]),\(parts[0])]", "[\(parts[0]),]"] {
      #expect(throws: TreeError.self) {
        try TreeManifest(parsing: Array(text.utf8), digest: x)
      }
    }
    #expect(
      try TreeManifest(parsing: Array("[\(parts[0]),\(parts[1])]".utf8), digest: x).entries.count
        == 2)
  }

  @Test func noDamageCrashesTheParser() throws {
    let manifest = try TreeManifest(
      (0..<5).map { try entry("d\($0)/\"é") }, describing: "t")
    let bytes = manifest.bytes
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] = damaged[index] &+ 1
      _ = try? TreeManifest(parsing: damaged, digest: Digest.of("x"))
      #expect(throws: TreeError.self) {
        try TreeManifest(parsing: Array(bytes[..<index]), digest: Digest.of("x"))
      }
    }
  }

  @Test func adoptingScanningAndImportingAgree() throws {
    let space = try Space()
    let files = ["a": "1", "d/b": "22", "d/e/c": "", "same": "1"]
    let outside = space.folder("outside")
    for (path, text) in files { try space.folder.write(text, to: "outside/" + path) }
    try FileManager.default.createDirectory(
      atPath: outside + "/empty", withIntermediateDirectories: false)
    chmod(outside + "/a", 0o755)
    let scan = try space.store.trees.scanTree(outside)
    #expect(scan.manifest.entries.map(\.path) == ["a", "d/b", "d/e/c", "same"])
    #expect(scan.manifest.emptyFolders == ["empty"])
    #expect(scan.manifest.entries.map(\.isExecutable) == [true, false, false, false])
    #expect(TestFiles.list("\(space.base)/cas") == [])
    #expect(try space.store.trees.scanTree(outside) == scan)

    let imported = try space.store.trees.importTree(outside, mediaType: "m")
    #expect(imported == scan.record(mediaType: "m"))
    #expect(try space.store.trees.check(imported) == .good)

    let inside = try space.scratchTree(files)
    chmod(inside + "/a", 0o755)
    mkdir(inside + "/empty", 0o755)
    #expect(try space.store.trees.adoptTree(inside, mediaType: "m") == imported)
    #expect(try space.store.trees.manifest(of: imported) == scan.manifest)
  }

  @Test func aScanSeesEveryChange() throws {
    let space = try Space()
    let path = try space.folder.write("one", to: "in/d/file")
    settle()
    let first = try space.store.trees.scanTree(space.folder("in"))
    try editInPlace(path, "two")
    let second = try space.store.trees.scanTree(space.folder("in"))
    #expect(second.digest != first.digest && second.identities != first.identities)
    chmod(path, 0o755)
    let third = try space.store.trees.scanTree(space.folder("in"))
    #expect(third.digest != second.digest)
  }

  @Test func aFolderThatIsNoTreeStaysAsItIs() throws {
    let space = try Space()
    let folder = try space.scratchTree(["ok": "1", "d/Name": "2", "d/name": "3"])
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/link", withDestinationPath: "/ok")
    mkfifo(folder + "/pipe", 0o644)
    #expect(
      throws: TreeError.invalidTree(
        path: folder,
        problems: [
          "'pipe' is neither file nor folder",
          "'d/Name' and 'd/name' are one name where case does not count",
          "the link 'link' leads to '/ok'; a tree may hold links to places within it, given from the "
            + "link's folder, with '..' at the beginning only",
        ])
    ) { try space.store.trees.adoptTree(folder, mediaType: "m") }
    #expect(TestFiles.list("\(space.base)/cas") == [])
    #expect(try TestFiles.text(folder + "/ok") == "1")
  }

  @Test func namesEqualUnderNFCAreRefused() throws {
    let space = try Space()
    _ = try space.scratchTree(["e\u{301}": "1"])
    let folder = try space.scratchTree(["\u{e9}": "2"])
    try #require(TestFiles.list(folder).count == 2)
    #expect(
      throws: TreeError.invalidTree(
        path: folder, problems: ["'é' and 'é' are one name where case does not count"])
    ) { try space.store.trees.scanTree(folder) }
  }
}
