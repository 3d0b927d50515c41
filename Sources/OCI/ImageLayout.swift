// An image in a folder, by the OCI image layout: blobs by digest, a manifest, an index. It knows
// nothing of what the image is for.
import CSystem
import Content
import FileTools
import Subprocess

/// A folder with one image.
package struct ImageLayout: Sendable {
  package let folder: String

  package init(folder: String) { self.folder = folder }

  private var index: String { "\(folder)/index.json" }
  private var blobs: String { "\(folder)/blobs/sha256" }
  private static let versionFile = "oci-layout"
  private static let longestDocument = 4 << 20

  /// The file of a blob.
  package func path(of digest: Digest) -> String { "\(blobs)/\(digest.hex)" }

  // ---- writing ----

  /// Writes an image of some layers in place of the one that is there; gives its manifest.
  ///
  /// The index is replaced last, so that a reader sees the old image or the new one. Blobs that the
  /// new image does not have are removed.
  ///
  /// - Throws: `ImageError`, or `FileError` where a file cannot be read or written.
  package func write(
    _ layers: [(name: String, tree: LayerTree)], _ configuration: ImageConfiguration,
    compression: LayerCompression
  ) throws -> Descriptor {
    try checkFolder()
    try Disk.makeFolders(blobs)
    let known = (try? compressedLayers()) ?? [:]
    let drafts = TemporaryFiles(parent: "\(folder)/.drafts")
    defer { try? Disk.remove("\(folder)/.drafts") }
    let filled = layers.filter { !$0.tree.isEmpty }
    // Two at a time: compressing takes longer than all else.
    let written = try Parallel.map(filled.count, chunk: 1) { [self] index in
      try write(filled[index].tree, compression, known, drafts)
    }
    let kept = written.map(\.stored)
    let plain = zip(filled, written).map { (name: $0.name, digest: $1.plain) }
    let config = try write(
      configuration.document(layers: plain), MediaType.configuration, drafts)
    let manifest = try write(
      .object([
        "schemaVersion": 2, "mediaType": .string(MediaType.manifest),
        "config": config.document, "layers": .array(kept.map(\.document)),
      ]), MediaType.manifest, drafts)
    let entry = manifest.members.merging([
      "platform": ["os": "linux", "architecture": .string(configuration.architecture)],
      "annotations": ["org.opencontainers.image.ref.name": "latest"],
    ]) { $1 }
    try replace("\(folder)/\(Self.versionFile)", ["imageLayoutVersion": "1.0.0"])
    try replace(
      index,
      .object([
        "schemaVersion": 2, "mediaType": .string(MediaType.index), "manifests": [.object(entry)],
      ]))
    try removeBlobs(except: Set((kept + [config, manifest]).map(\.blob.digest.hex)))
    return manifest
  }

  /// Whether the folder may be written to: it is new, empty or a layout.
  private func checkFolder() throws {
    let names = Set(try Disk.names(in: folder) ?? [])
    let known: Set<String> = [Self.versionFile, "index.json", "blobs", ".drafts"]
    if let other = names.subtracting(known).sorted().first {
      throw ImageError.otherFiles(folder: folder, found: other)
    }
  }

  private func write(
    _ tree: LayerTree, _ compression: LayerCompression, _ known: [Digest: Descriptor],
    _ drafts: TemporaryFiles
  ) throws -> (plain: Digest, stored: Descriptor) {
    let draft = try BlobDraft(try drafts.next())
    try TarWriter.write(tree, to: draft)
    let plain = try draft.finish()
    guard case .gzip(let program) = compression else {
      try Disk.move(draft.path, to: path(of: plain.digest))
      return (plain.digest, Descriptor(mediaType: MediaType.tar, blob: plain))
    }
    if let layer = known[plain.digest] {
      try Disk.remove(draft.path)
      return (plain.digest, layer)
    }
    let packed = try drafts.next()
    let input = cs_open_read(draft.path)
    guard input >= 0 else { throw Disk.failure("open", draft.path) }
    defer { cs_close(input) }
    var said: [UInt8] = []
    // Without name and time of a file.
    let exit = try Command(executable: program, arguments: ["-n", "-6", "-c"]).run(
      input: .descriptor(input), output: .file(packed), error: .chunks { said += $0 })
    guard exit.succeeded else {
      throw ImageError.compression(
        program: program, reason: String(decoding: said.prefix(200), as: UTF8.self))
    }
    try Disk.remove(draft.path)
    try Disk.flush(packed)
    let (digest, size) = try Digest.of(file: packed)
    try Disk.move(packed, to: path(of: digest))
    return (
      plain.digest,
      Descriptor(mediaType: MediaType.gzip, blob: SizedDigest(digest: digest, size: size))
    )
  }

  private func write(
    _ document: JSONValue, _ type: String, _ drafts: TemporaryFiles
  ) throws -> Descriptor {
    let draft = try BlobDraft(try drafts.next())
    try draft.write(document.canonicalBytes())
    let blob = try draft.finish()
    try Disk.move(draft.path, to: path(of: blob.digest))
    return Descriptor(mediaType: type, blob: blob)
  }

  private func replace(_ path: String, _ document: JSONValue) throws {
    try ReplacedFile(path).write(try document.canonicalBytes())
  }

  /// The compressed layers of the image that is there, by their digests before compression.
  private func compressedLayers() throws -> [Digest: Descriptor] {
    let image = try read()
    let configuration = try JSONValue(parsing: document(image.configuration.blob))
    let digests = (configuration["rootfs"]?["diff_ids"]?.array ?? []).map {
      $0.string.flatMap { Digest($0) }
    }
    var known: [Digest: Descriptor] = [:]
    for (digest, layer) in zip(digests, image.layers) where layer.mediaType == MediaType.gzip {
      guard let digest,
        try Digest.of(file: path(of: layer.blob.digest)).digest == layer.blob.digest
      else { continue }
      known[digest] = layer
    }
    return known
  }

  private func removeBlobs(except kept: Set<String>) throws {
    for name in try Disk.names(in: blobs) ?? [] where !kept.contains(name) {
      try Disk.remove("\(blobs)/\(name)")
    }
  }

  // ---- reading ----

  /// The image in the folder.
  ///
  /// - Throws: `ImageError` where there is none, or a document of it is damaged.
  package func read() throws -> StoredImage {
    guard try FileStatus("\(folder)/\(Self.versionFile)", followingLinks: true) != nil,
      let bytes = try Disk.read(index, atMost: Self.longestDocument)
    else { throw ImageError.noLayout(folder: folder) }
    guard let manifest = Self.manifest(index: bytes) else {
      throw ImageError.damaged(path: index, reason: "expected one image manifest by its SHA-256")
    }
    guard let image = try StoredImage(manifest, text: document(manifest.blob)) else {
      throw ImageError.damaged(
        path: path(of: manifest.blob.digest), reason: "it lacks the configuration or layers")
    }
    return image
  }

  /// The one manifest that an index lists; nil for another index.
  static func manifest(index bytes: [UInt8]) -> Descriptor? {
    guard let list = (try? JSONValue(parsing: bytes))?["manifests"]?.array, list.count == 1,
      let manifest = Descriptor(list[0]), manifest.mediaType == MediaType.manifest
    else { return nil }
    return manifest
  }

  /// The bytes of a small blob, verified.
  package func document(_ blob: SizedDigest) throws -> [UInt8] {
    let path = path(of: blob.digest)
    guard let bytes = try Disk.read(path, atMost: Self.longestDocument) else {
      throw ImageError.damaged(path: path, reason: "it is missing")
    }
    guard try Digest.of(bytes) == blob.digest else {
      throw ImageError.damaged(path: path, reason: "its bytes have another digest")
    }
    return bytes
  }
}

/// An image of a layout: what its manifest lists.
package struct StoredImage: Sendable {
  package let manifest: Descriptor
  /// The manifest's bytes.
  package let text: [UInt8]
  package let layers: [Descriptor]
  package let configuration: Descriptor

  /// Reads a manifest's bytes; nil where they lack the configuration or a layer is not described.
  init?(_ manifest: Descriptor, text: [UInt8]) {
    let value = try? JSONValue(parsing: text)
    let layers = (value?["layers"]?.array ?? []).map { Descriptor($0) }
    guard let configuration = Descriptor(value?["config"]), layers.allSatisfy({ $0 != nil }) else {
      return nil
    }
    self.manifest = manifest
    self.text = text
    self.layers = layers.compactMap(\.self)
    self.configuration = configuration
  }

  /// All blobs beside the manifest, each once, the layers first.
  package var blobs: [Descriptor] {
    var seen: Set<Digest> = []
    return (layers + [configuration]).filter { seen.insert($0.blob.digest).inserted }
  }
}
