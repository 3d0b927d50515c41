// The parts of an image by digest, size and media type, as manifests and indexes list them.
import Content

/// A blob with what it is.
package struct Descriptor: Sendable, Hashable {
  package let mediaType: String
  package let blob: SizedDigest

  package init(mediaType: String, blob: SizedDigest) {
    self.mediaType = mediaType
    self.blob = blob
  }

  /// Reads a descriptor; nil where it lacks a part or its digest is not a SHA-256.
  init?(_ value: JSONValue?) {
    guard let type = value?["mediaType"]?.string, let size = value?["size"]?.integer, size >= 0,
      let text = value?["digest"]?.string, text.hasPrefix("sha256:"), let digest = Digest(text)
    else { return nil }
    self.init(mediaType: type, blob: SizedDigest(digest: digest, size: size))
  }

  var document: JSONValue { .object(members) }

  var members: [String: JSONValue] {
    [
      "mediaType": .string(mediaType), "digest": .string(blob.digest.description),
      "size": .integer(blob.size),
    ]
  }
}

/// Media types of the OCI image specification.
package enum MediaType {
  package static let index = "application/vnd.oci.image.index.v1+json"
  package static let manifest = "application/vnd.oci.image.manifest.v1+json"
  static let configuration = "application/vnd.oci.image.config.v1+json"
  static let tar = "application/vnd.oci.image.layer.v1.tar"
  static let gzip = "application/vnd.oci.image.layer.v1.tar+gzip"
}

/// How layers are kept.
package enum LayerCompression: Sendable, Hashable {
  case none
  /// By the program at a path.
  case gzip(String)
}
