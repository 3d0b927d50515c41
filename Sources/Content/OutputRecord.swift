// One output of an action as a value: what its bytes are, not where they are.

/// Whether an output is one file or a tree of files.
public enum OutputKind: String, Hashable, Sendable {
  case file
  case tree
}

/// One output of an action.
public struct OutputRecord: Hashable, Sendable {
  /// Of the file's bytes, or of the tree's manifest.
  public let digest: Digest
  /// Bytes of the file, or of the tree's manifest.
  public let size: Int64
  /// The media type of the output's format.
  public let mediaType: String
  /// Whether the output is a file or a tree.
  public let kind: OutputKind

  /// A record of an output.
  public init(digest: Digest, size: Int64, mediaType: String, kind: OutputKind) {
    self.digest = digest
    self.size = size
    self.mediaType = mediaType
    self.kind = kind
  }
}

extension OutputRecord {
  /// The record as it stands in an action result.
  package var json: JSONValue {
    [
      "digest": .string(digest.description), "kind": .string(kind.rawValue),
      "mediaType": .string(mediaType), "size": .integer(size),
    ]
  }

  package init?(json: JSONValue) {
    guard let digest = json["digest"]?.string.flatMap({ Digest($0) }),
      let kind = json["kind"]?.string.flatMap(OutputKind.init(rawValue:)),
      let mediaType = json["mediaType"]?.string,
      let size = json["size"]?.integer, size >= 0
    else { return nil }
    self.init(digest: digest, size: size, mediaType: mediaType, kind: kind)
  }

  package static func records(_ members: [String: JSONValue]?) -> [String: OutputRecord]? {
    guard let members else { return nil }
    let records = members.compactMapValues(OutputRecord.init(json:))
    return records.count == members.count ? records : nil
  }
}
