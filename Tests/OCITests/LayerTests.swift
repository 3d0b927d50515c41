// Layers and layouts: the same bytes for the same files, read by tar and gzip of this system.
import AtelierTesting
import Content
import FileTools
import Foundation
import OCI
import Subprocess
import Testing

@Suite struct LayerTests {
  private static let configuration = ImageConfiguration(
    architecture: "amd64", entrypoint: ["/bin/x"], environment: ["A=1"], workingFolder: "/")

  /// A tree with each kind of entry, and names of all lengths that the head of an entry treats
  /// apart.
  private func tree(_ folder: TemporaryFolder, reversed: Bool = false) throws -> LayerTree {
    let program = try folder.write("#!/bin/sh\n", to: "program")
    let names = Self.names
    var tree = LayerTree()
    func addAll(_ names: [String]) throws {
      for name in names { try tree.addFile(name, Array("in \(name)".utf8)) }
    }
    try addAll(reversed ? names.reversed() : names)
    try tree.addFile("bin/program", from: program, isExecutable: true)
    try tree.addLink("bin/alias", to: "program")
    try tree.addLink("bin/long", to: String(repeating: "t", count: 120))
    try tree.addFolder("tmp", mode: 0o1777)
    try tree.addFile("empty", [])
    return tree
  }

  private static let names: [String] = {
    var names: [String] = ["été/naïve \u{1F600}", "with space/and=sign", "block/512"]
    for length in [99, 100, 101, 155, 156, 200, 256, 257, 300] {
      let deep = "d/" + String(repeating: "e/", count: length)
      names.append(String(repeating: "n", count: min(length, 250)))
      names.append(String(deep.prefix(length - 1)) + "f")
      names.append(String(repeating: "p", count: min(length - 2, 200)) + "/f")
    }
    return Array(Set(names)).sorted()
  }()

  private func layout(_ folder: TemporaryFolder, _ name: String) -> ImageLayout {
    ImageLayout(folder: folder(name))
  }

  private func run(_ program: String, _ arguments: String...) throws -> String {
    let captured = try capture(
      Command(
        executable: try #require(TestTools.path(of: program)), arguments: arguments,
        environment: ["LC_ALL": "C.UTF-8", "TZ": "UTC", "PATH": "/usr/bin:/bin"]), timeout: 60)
    try #require(captured.exit.succeeded, "\(captured.errorText)")
    return captured.text
  }

  @Test func orderTimesAndModesOfSourcesDoNotCount() throws {
    let folder = try TemporaryFolder()
    let first = try layout(folder, "one").write(
      [("all", tree(folder))], Self.configuration, compression: .none)
    let other = try TemporaryFolder()
    let second = try tree(other, reversed: true)
    setMtime(other("program"), 1_000_000_000_000_000_000)
    chmod(other("program"), 0o600)
    #expect(
      try layout(folder, "two").write([("all", second)], Self.configuration, compression: .none)
        == first)
    // What counts: bytes and modes.
    try other.write("#!/bin/sh -e\n", to: "program")
    #expect(
      try layout(folder, "three").write([("all", second)], Self.configuration, compression: .none)
        != first)
  }

  @Test func tarReadsWhatWasWritten() throws {
    let folder = try TemporaryFolder()
    let layout = layout(folder, "image")
    _ = try layout.write([("all", tree(folder))], Self.configuration, compression: .none)
    let layer = try #require(try layout.read().layers.first)
    let archive = layout.path(of: layer.blob.digest)
    try FileManager.default.createDirectory(
      atPath: folder("out"), withIntermediateDirectories: true)
    _ = try run("tar", "-xpf", archive, "-C", folder("out"), "--no-same-owner")
    for name in Self.names {
      #expect(try TestFiles.text(folder("out/\(name)")) == "in \(name)")
    }
    #expect(try TestFiles.read(folder("out/empty")).isEmpty)
    #expect(Disk.target(ofLink: folder("out/bin/alias")) == "program")
    #expect(Disk.target(ofLink: folder("out/bin/long")) == String(repeating: "t", count: 120))
    #expect(try mode(folder("out/bin/program")) == 0o755)
    #expect(try mode(folder("out/tmp")) == 0o1777)
    let lines = try run("tar", "-tvf", archive, "--numeric-owner", "--full-time").split(
      separator: "\n")
    #expect(lines.allSatisfy { $0.contains(" 0/0 ") && $0.contains(" 1980-01-01 00:00:00 ") })
    // Folders come before what is in them, and each path once.
    let paths = try run("tar", "-tf", archive, "--quoting-style=literal").split(separator: "\n")
    #expect(Set(paths).count == paths.count)
    for (index, path) in paths.enumerated() {
      guard let slash = path.dropLast().lastIndex(of: "/") else { continue }
      #expect(paths[..<index].contains { $0 == path[...slash] }, "\(path)")
    }
  }

  @Test func aLayoutIsWhatTheSpecificationSays() throws {
    let folder = try TemporaryFolder()
    let layout = layout(folder, "image")
    let manifest = try layout.write(
      [("all", tree(folder)), ("nothing", LayerTree())], Self.configuration,
      compression: .gzip(try #require(TestTools.path(of: "gzip"))))
    #expect(
      try TestFiles.text(folder("image/oci-layout")) == #"{"imageLayoutVersion":"1.0.0"}"#)
    let index = try JSONValue(parsing: TestFiles.read(folder("image/index.json")))
    let entry = index["manifests"]?.array?.first
    #expect(index["schemaVersion"] == 2 && index["manifests"]?.array?.count == 1)
    #expect(entry?["digest"]?.string == manifest.blob.digest.description)
    #expect(entry?["platform"] == ["os": "linux", "architecture": "amd64"])
    for name in try FileManager.default.contentsOfDirectory(atPath: folder("image/blobs/sha256")) {
      #expect(try Digest.of(file: folder("image/blobs/sha256/\(name)")).digest.hex == name)
    }
    let image = try layout.read()
    #expect(image.layers.count == 1 && image.blobs.count == 2)
    let configuration = try JSONValue(parsing: layout.document(image.configuration.blob))
    #expect(configuration["config"]?["Entrypoint"] == ["/bin/x"])
    #expect(configuration["os"] == "linux" && configuration["architecture"] == "amd64")
    // The digests before compression, by gzip itself.
    let captured = try capture(
      Command(
        executable: try #require(TestTools.path(of: "gzip")),
        arguments: ["-dc", layout.path(of: image.layers[0].blob.digest)]), timeout: 60)
    #expect(
      configuration["rootfs"]?["diff_ids"] == [.string(try Digest.of(captured.stdout).description)])
  }

  @Test func aNewImageReplacesTheOldOneWhole() throws {
    let folder = try TemporaryFolder()
    let layout = layout(folder, "image")
    _ = try layout.write([("all", tree(folder))], Self.configuration, compression: .none)
    var small = LayerTree()
    try small.addFile("a", [1])
    let manifest = try layout.write(
      [("all", small)], Self.configuration, compression: .none)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder("image/blobs/sha256"))
    #expect(names.count == 3 && names.contains(manifest.blob.digest.hex))
    #expect(
      try Set(FileManager.default.contentsOfDirectory(atPath: folder("image")))
        == ["oci-layout", "index.json", "blobs"])
  }

  @Test func aLayerIsCompressedOnceUnlessItIsDamaged() throws {
    let folder = try TemporaryFolder()
    let layout = layout(folder, "image")
    // It compresses as gzip does, and counts its calls.
    let gzip = try folder.write(
      "#!/bin/sh\necho call >> '\(folder("calls"))'\nexec gzip \"$@\"\n", to: "gzip")
    chmod(gzip, 0o755)
    var second = LayerTree()
    try second.addFile("b", [2])
    func build(_ text: String) throws -> Descriptor {
      var first = LayerTree()
      try first.addFile("a", Array(text.utf8))
      return try layout.write(
        [("one", first), ("two", second)], Self.configuration, compression: .gzip(gzip))
    }
    func calls() throws -> Int { try TestFiles.text(folder("calls")).count { $0 == "c" } }
    let first = try build("x")
    #expect(try build("x") == first)
    #expect(try calls() == 2)
    #expect(try build("y") != first)
    #expect(try calls() == 3)
    let layer = try layout.read().layers[1].blob.digest
    try TestFiles.write([1, 2, 3], to: layout.path(of: layer))
    _ = try build("y")
    #expect(try calls() == 4)
    #expect(try Digest.of(file: layout.path(of: layer)).digest == layer)
  }

  @Test func whatIsNoLayoutIsLeftAlone() throws {
    let folder = try TemporaryFolder()
    try folder.write("precious", to: "home/letters.txt")
    var tree = LayerTree()
    try tree.addFile("a", [1])
    #expect(throws: ImageError.otherFiles(folder: folder("home"), found: "letters.txt")) {
      _ = try layout(folder, "home").write([("all", tree)], Self.configuration, compression: .none)
    }
    #expect(throws: ImageError.noLayout(folder: folder("home"))) {
      _ = try layout(folder, "home").read()
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("home")) == ["letters.txt"])
  }

  @Test func aDamagedManifestIsRefused() throws {
    let folder = try TemporaryFolder()
    let layout = layout(folder, "image")
    var tree = LayerTree()
    try tree.addFile("a", [1])
    let manifest = try layout.write([("all", tree)], Self.configuration, compression: .none)
    let path = layout.path(of: manifest.blob.digest)
    try TestFiles.write(TestFiles.read(path) + [32], to: path)
    let error = #expect(throws: ImageError.self) { _ = try layout.read() }
    #expect(error?.description.contains("another digest") == true)
  }

  @Test func aPathHoldsOneThing() throws {
    var tree = LayerTree()
    try tree.addFile("a/b", [1])
    try tree.addFile("/a/b", [1])
    #expect(throws: ImageError.conflict(path: "/a/b", wanted: "a/b")) {
      try tree.addFile("a/b", [2])
    }
    #expect(throws: ImageError.conflict(path: "/a/b", wanted: "a/b/c")) {
      try tree.addFile("a/b/c", [2])
    }
    for path in ["a/../b", "./a", "a/.wh.b"] {
      #expect(throws: ImageError.unsuitable(path: path)) { try tree.addFile(path, [1]) }
    }
  }

  @Test func partsHaveTheFoldersAboveThem() throws {
    var tree = LayerTree()
    try tree.addFile("a/b/c", [1])
    try tree.addFile("a/d", [1])
    try tree.addFolder("a", mode: 0o700)
    let parts = tree.parts { $0.hasPrefix("a/b/") ? "deep" : "rest" }
    #expect(parts["deep"]?.sorted.map(\.path) == ["a", "a/b", "a/b/c"])
    #expect(parts["rest"]?.sorted.map(\.path) == ["a", "a/b", "a/d"])
  }
}
