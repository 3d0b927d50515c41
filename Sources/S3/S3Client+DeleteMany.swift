// Removing many objects, a thousand in a request.
import AWS
import HTTP
import Signing

/// A key that could not be removed, with the service's words.
package struct S3DeleteFailure: Sendable, Hashable {
  package let key: String
  package let code: String
  package let message: String
}

extension S3Client {
  /// Removes objects; keys that are not there are fine.
  ///
  /// Returns those that could not be removed; throws when a request as a whole failed.
  package func delete(_ keys: [String]) throws(S3Error) -> [S3DeleteFailure] {
    var failures: [S3DeleteFailure] = []
    for start in stride(from: 0, to: keys.count, by: 1000) {
      failures += try deleteBatch(
        keys[start..<min(start + 1000, keys.count)].map {
          "<Object><Key>\(XMLText.escaped($0))</Key></Object>"
        })
    }
    return failures
  }

  /// Removes up to a thousand objects, given as elements of the request.
  func deleteBatch(_ objects: [String]) throws(S3Error) -> [S3DeleteFailure] {
    try doing("delete \(objects.count) objects of", nil) {
      let text =
        "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet>"
        + objects.joined() + "</Delete>"
      let body = Array(text.utf8)
      let fields = [
        HTTPField("Content-Type", "application/xml"),
        HTTPField("Content-MD5", try MessageDigests.md5(body).base64),
      ]
      let root = try exchangeXML(
        request("POST", nil, query: [QueryItem("delete")], fields: fields, body: .bytes(body)))
      return root.all("Error").map { error in
        S3DeleteFailure(
          key: error.text(of: "Key") ?? "", code: error.text(of: "Code") ?? "",
          message: error.text(of: "Message") ?? "")
      }
    }
  }
}
