// How an object in a bucket, or a prefix of many, is written in a text. It sends no request.

/// `s3://bucket/key`: an object, or all those whose keys begin so.
public struct S3URL: Hashable, Sendable, CustomStringConvertible {
  private static let scheme = "s3://"

  /// Never empty where a text was read.
  public let bucket: String
  /// All that follows the bucket's slash, unchanged: a key may begin or end with a slash of its own.
  ///
  /// Empty for the whole bucket.
  public let key: String

  /// An object or prefix of a bucket.
  public init(bucket: String, key: String) {
    self.bucket = bucket
    self.key = key
  }

  /// The place that a text names; a bucket alone will do.
  public init(_ text: String) throws(NoS3URL) {
    guard Self.isMeant(by: text) else { throw NoS3URL(text: text) }
    let rest = text.utf8.dropFirst(Self.scheme.utf8.count)
    let bucket = rest.prefix { $0 != UInt8(ascii: "/") }
    guard !bucket.isEmpty else { throw NoS3URL(text: text) }
    self.bucket = String(Substring(bucket))
    key = String(Substring(rest.dropFirst(bucket.count + 1)))
  }

  /// The object that a text names; its key is not empty.
  public init(object text: String) throws(NoS3URL) {
    self = try S3URL(text)
    guard !key.isEmpty else { throw NoS3URL(text: text) }
  }

  /// Whether a text is to be read as one rather than as a path, well-formed or not.
  public static func isMeant(by text: String) -> Bool { text.utf8.starts(with: scheme.utf8) }

  /// What the keys of the objects below it begin with: empty, or ending in a slash.
  public var folder: String { key.isEmpty || key.utf8.last == UInt8(ascii: "/") ? key : key + "/" }

  /// The object of that name just below it.
  public func below(_ name: String) -> S3URL { S3URL(bucket: bucket, key: folder + name) }

  /// The URL as text.
  public var description: String { "\(Self.scheme)\(bucket)/\(key)" }
}

/// A text that names no place in a bucket.
public struct NoS3URL: Error, Hashable, CustomStringConvertible {
  let text: String

  /// The error in one sentence.
  public var description: String {
    "'\(text)' is no place in a bucket; expected s3://bucket/key"
  }
}
