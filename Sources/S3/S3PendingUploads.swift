// Uploads in parts that were begun and neither ended nor given up: they cost money until someone ends them.
import AWS
import HTTP

/// A multipart upload that was begun and neither ended nor given up.
package struct S3PendingUpload: Sendable, Hashable {
  package var key: String
  package var uploadID: String
  package var initiated: UnixTime?
}

extension S3Client {
  /// Uploads in parts that are not finished, of keys that begin with a prefix.
  package func pendingUploads(prefix: String = "") throws(S3Error) -> [S3PendingUpload] {
    try S3PendingUploads(client: self).list(prefix: prefix)
  }

  /// Gives up an upload and frees its parts; one that is not there is fine.
  package func abort(_ upload: S3PendingUpload) throws(S3Error) {
    try S3PendingUploads(client: self).abort(upload)
  }
}

/// The unfinished uploads of a bucket.
struct S3PendingUploads {
  let client: S3Client

  /// Uploads in parts that are not finished, of keys that begin with a prefix.
  func list(prefix: String) throws(S3Error) -> [S3PendingUpload] {
    try client.doing("list the uploads of", nil) {
      var result: [S3PendingUpload] = []
      var marker: [QueryItem] = []
      while true {
        let query =
          [QueryItem("uploads"), QueryItem("encoding-type", "url"), QueryItem("prefix", prefix)]
          + marker
        let root = try client.exchangeXML(client.request("GET", nil, query: query))
        let encoded = root.text(of: "EncodingType") == "url"
        result += try root.all("Upload").map { upload in
          S3PendingUpload(
            key: try S3Listing.name(upload, "Key", encoded),
            uploadID: upload.text(of: "UploadId") ?? "",
            initiated: upload.text(of: "Initiated").flatMap { UnixTime(iso8601: $0) })
        }
        guard try S3Listing.isTruncated(root) else { return result }
        let next = [
          QueryItem("key-marker", try S3Listing.name(root, "NextKeyMarker", encoded)),
          QueryItem("upload-id-marker", root.text(of: "NextUploadIdMarker") ?? ""),
        ]
        guard next != marker, result.count <= 100_000_000 else {
          throw AnswerRefusal.malformed("the list of uploads does not end")
        }
        marker = next
      }
    }
  }

  /// Gives up an upload and frees its parts; one that is not there is fine.
  func abort(_ upload: S3PendingUpload) throws(S3Error) {
    do {
      try client.doing("give up the upload of", upload.key) {
        _ = try client.exchange(
          client.request("DELETE", upload.key, query: [QueryItem("uploadId", upload.uploadID)]))
      }
    } catch {
      guard error.kind == .notFound else { throw error }
    }
  }
}
