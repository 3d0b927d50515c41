// Digests as S3's checksum fields have them: base64.
import Content
import HTTP

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

enum S3Checksum {
  /// The fields that give S3 the digest of a body, to check and to keep; none unless `sent`.
  static func fields(_ digest: Digest, sent: Bool) -> [HTTPField] {
    guard sent else { return [] }
    return [
      HTTPField("x-amz-checksum-sha256", digest.bytes.base64),
      HTTPField("x-amz-sdk-checksum-algorithm", "SHA256"),
    ]
  }

  /// The field under which an object keeps our digest: that of the whole, also where it is written in
  /// parts, and at endpoints that keep no checksum.
  static func note(_ digest: Digest) -> [HTTPField] {
    [HTTPField("x-amz-meta-sha256", digest.hex)]
  }

  /// The field under which an object says what it is a part of.
  static func note(group: Digest?) -> [HTTPField] {
    group.map { [HTTPField("x-amz-meta-atelier-group", $0.hex)] } ?? []
  }

  static func group(_ head: HTTPHead) -> Digest? {
    head["x-amz-meta-atelier-group"].flatMap { Digest("sha256:" + $0) }
  }

  /// The digest of an object by its head: S3's own word, else ours.
  ///
  /// Of an object in parts, which its tag tells, S3 knows none: some endpoints give a digest of the
  /// parts' digests without the mark that would say so.
  static func digest(_ head: HTTPHead) -> Digest? {
    let isInParts = head["ETag"]?.contains("-") ?? true
    let checked = isInParts ? nil : head["x-amz-checksum-sha256"].flatMap { digest($0) }
    return checked ?? head["x-amz-meta-sha256"].flatMap { Digest("sha256:" + $0) }
  }

  /// The digest of a whole object; nil for a composite (`...-3`) or anything else.
  static func digest(_ text: String) -> Digest? {
    Data(base64Encoded: text).flatMap { Digest(bytes: [UInt8]($0)) }
  }
}
