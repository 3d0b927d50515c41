// Digests as S3's checksum fields have them: base64.
import Content

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

enum S3Checksum {
  /// The fields that give S3 the digest of a body, to check and to keep.
  static func fields(_ digest: Digest) -> [HTTPField] {
    [
      HTTPField("x-amz-checksum-sha256", digest.bytes.base64),
      HTTPField("x-amz-sdk-checksum-algorithm", "SHA256"),
    ]
  }

  /// The digest of a whole object; nil for a composite (`...-3`) or anything else.
  static func digest(_ text: String) -> Digest? {
    Data(base64Encoded: text).flatMap { Digest(bytes: [UInt8]($0)) }
  }
}
