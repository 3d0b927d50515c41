// What a key document holds of inputs, outputs and programs, as values.

/// An input as a step sees it.
public struct KeyInput: Hashable, Sendable {
  /// The digest of the file, or of the tree's manifest.
  public let digest: Digest
  /// Bytes of the file, or of the tree's manifest.
  public let size: Int64
  /// Whether the input is a file or a tree.
  public let kind: OutputKind
  /// The media type of the format that the step reads.
  public let mediaType: String
  /// The name in the step's `inputs` folder, which tells programs what the bytes are.
  public let fileName: String

  /// An input under the name that the step sees.
  public init(
    digest: Digest, size: Int64, kind: OutputKind, mediaType: String, fileName: String
  ) {
    self.digest = digest
    self.size = size
    self.kind = kind
    self.mediaType = mediaType
    self.fileName = fileName
  }

  var json: JSONValue {
    [
      "digest": .string(digest.description), "size": .integer(size),
      "kind": .string(kind.rawValue), "mediaType": .string(mediaType),
      "fileName": .string(fileName),
    ]
  }

  init?(json: JSONValue) {
    guard let digest = json["digest"]?.string.flatMap({ Digest($0) }),
      let size = json["size"]?.integer, size >= 0,
      let kind = json["kind"]?.string.flatMap({ OutputKind(rawValue: $0) }),
      let mediaType = json["mediaType"]?.string, let fileName = json["fileName"]?.string
    else { return nil }
    self.init(digest: digest, size: size, kind: kind, mediaType: mediaType, fileName: fileName)
  }
}

/// What an output is, as far as the key is concerned.
public struct OutputShape: Hashable, Sendable {
  /// The media type of the output's format.
  public let mediaType: String
  /// Whether the output is a tree of files.
  public let isTree: Bool
  /// The name in the step's `outputs` folder.
  public let fileName: String

  /// The shape of an output.
  public init(mediaType: String, isTree: Bool, fileName: String) {
    self.mediaType = mediaType
    self.isTree = isTree
    self.fileName = fileName
  }

  var json: JSONValue {
    [
      "mediaType": .string(mediaType),
      "kind": .string((isTree ? OutputKind.tree : .file).rawValue),
      "fileName": .string(fileName),
    ]
  }

  init?(json: JSONValue) {
    guard let type = json["mediaType"]?.string, let fileName = json["fileName"]?.string,
      let kind = json["kind"]?.string.flatMap({ OutputKind(rawValue: $0) })
    else { return nil }
    self.init(mediaType: type, isTree: kind == .tree, fileName: fileName)
  }
}

/// A program or library with everything that the system's loader opens for it.
public struct KeyProgram: Hashable, Sendable {
  /// The digest of the program's file.
  public let digest: Digest
  /// The digests of the files that are loaded with it, by file name: shared libraries, the loader,
  /// and of a script its interpreter.
  public let loads: [String: Digest]

  /// A program and what is loaded with it.
  public init(digest: Digest, loads: [String: Digest] = [:]) {
    self.digest = digest
    self.loads = loads
  }

  var json: JSONValue {
    [
      "digest": .string(digest.description),
      "loads": .object(loads.mapValues { .string($0.description) }),
    ]
  }

  init?(json: JSONValue) {
    guard let digest = json["digest"]?.string.flatMap({ Digest($0) }),
      let members = json["loads"]?.object
    else { return nil }
    let loads = members.compactMapValues { $0.string.flatMap { Digest($0) } }
    guard loads.count == members.count else { return nil }
    self.init(digest: digest, loads: loads)
  }
}
