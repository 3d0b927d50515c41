// Every version of every object, and removing them for good: what a bucket must lose before it can
// be deleted.
import AWS
import HTTP

/// One version of an object, or the mark that it was deleted.
package struct S3Version: Sendable, Hashable {
  package var key: String
  package var versionID: String
  /// Bytes; 0 for a delete marker.
  package var size: Int64
  package var isDeleteMarker: Bool
}

/// The versions of all objects of a bucket.
package struct S3Versions: Sendable {
  private let client: S3Client

  package init(of client: S3Client) { self.client = client }

  /// Hands out all versions and delete markers, a page of up to a thousand at a time.
  ///
  /// `take` returns false to end early.
  package func list(_ take: ([S3Version]) throws -> Bool) throws(S3Error) {
    try client.doing("list the versions of", nil) {
      var markers: [QueryItem] = []
      while true {
        let query = [QueryItem("versions"), QueryItem("encoding-type", "url")] + markers
        let root = try client.exchangeXML(client.request("GET", nil, query: query))
        let encoded = root.text(of: "EncodingType") == "url"
        let page = try root.children.filter {
          $0.name == "Version" || $0.name == "DeleteMarker"
        }.map { element in
          S3Version(
            key: try S3Listing.name(element, "Key", encoded),
            versionID: element.text(of: "VersionId") ?? "null",
            size: element.text(of: "Size").flatMap { Int64($0) } ?? 0,
            isDeleteMarker: element.name == "DeleteMarker")
        }
        guard try take(page), try S3Listing.isTruncated(root) else { return }
        let next = [
          QueryItem("key-marker", try S3Listing.name(root, "NextKeyMarker", encoded)),
          QueryItem("version-id-marker", root.text(of: "NextVersionIdMarker") ?? ""),
        ]
        guard next != markers else {
          throw AnswerRefusal.malformed("the endpoint gave the same marker twice")
        }
        markers = next
      }
    }
  }

  /// Removes versions for good; those that are gone are fine.
  ///
  /// Returns those that could not be removed; throws when a request as a whole failed.
  package func delete(_ versions: [S3Version]) throws(S3Error) -> [S3DeleteFailure] {
    var failures: [S3DeleteFailure] = []
    for start in stride(from: 0, to: versions.count, by: 1000) {
      failures += try client.deleteBatch(
        versions[start..<min(start + 1000, versions.count)].map { version in
          "<Object><Key>\(XMLText.escaped(version.key))</Key>"
            + "<VersionId>\(XMLText.escaped(version.versionID))</VersionId></Object>"
        })
    }
    return failures
  }
}
