// A bucket at an endpoint, and how requests address it.
import AWS
import HTTP

/// How a bucket stands in a URL.
package enum S3Addressing: String, Sendable, Hashable {
  /// `https://endpoint/bucket/key`
  case path
  /// `https://bucket.endpoint/key`
  case virtual
}

/// A bucket at an endpoint.
package struct S3Location: Sendable, Hashable, CustomStringConvertible {
  package let bucket: String
  /// Without the bucket.
  package let endpoint: ServiceURL
  package let addressing: S3Addressing

  /// Without `addressing`: AWS's own endpoints get the virtual style, all others the path style.
  ///
  /// A bucket with a dot gets the path style, since no certificate fits its host name.
  package init(bucket: String, endpoint: ServiceURL, addressing: S3Addressing? = nil) {
    self.bucket = bucket
    self.endpoint = endpoint
    let isAmazon = AWSSettings.isOwn(endpoint)
    self.addressing = addressing ?? (isAmazon && !bucket.contains(".") ? .virtual : .path)
  }

  /// Where requests go.
  var base: ServiceURL { addressing == .virtual ? endpoint.prefixed(by: bucket) : endpoint }

  /// The path of a key, or of the bucket itself.
  func path(_ key: String?) -> String {
    let key = PercentEncoding.encode(key ?? "", keepingSlashes: true)
    guard addressing == .path else { return "/" + key }
    let bucket = "/" + PercentEncoding.encode(bucket)
    return key.isEmpty ? bucket : "\(bucket)/\(key)"
  }

  package var description: String { "s3://\(bucket) at \(endpoint)" }
}
