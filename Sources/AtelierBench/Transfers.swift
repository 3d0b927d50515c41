// `atelier-bench s3`: files into a bucket and out of it, as the store of a run sends and fetches blobs.
import AWS
import Content
import FileTools
import RemoteCache
import S3
import S3Store

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Blobs between this machine and a bucket, by `BucketStore` and the product's own client.
///
/// Endpoint and credentials are those of the environment. Digests are checked as in a run: S3 is
/// told that of what goes up, and what comes down is hashed on the way.
enum Transfers {
  private static let usage = """
    usage: atelier-bench s3 put|get BUCKET PREFIX LIST [BYTES]
    LIST has a line for each blob: its digest in hex, or `-` to have it computed before it is sent;
    its size; the path of the file. Files above BYTES go up in parts; else above what a run takes.
    """

  static func run(_ words: [String]) throws -> [String: JSONValue] {
    guard 4...5 ~= words.count else { throw MeasureError(usage) }
    var options: S3Options?
    if words.count == 5 {
      guard let threshold = Int64(words[4]) else { throw MeasureError(usage) }
      var given = S3Options()
      given.multipartThreshold = threshold
      options = given
    }
    let environment = ProcessInfo.processInfo.environment
    let store = BucketStore(
      client: try S3Client(
        bucket: words[1], settings: try AWSSettings(environment: environment), options: options),
      prefix: words[2])
    guard let list = FileManager.default.contents(atPath: words[3]) else {
      throw MeasureError("cannot read the list \(words[3])")
    }
    let items = try String(decoding: list, as: UTF8.self).split(separator: "\n").map {
      try Item($0)
    }
    let transfer: @Sendable (Item) throws -> Void =
      switch words[0] {
      case "put": { try store.put(try $0.blob(), file: $0.path) }
      case "get": { try store.get(try $0.blob(), file: $0.path) }
      default: throw MeasureError(usage)
      }
    _ = try Parallel.map(items.count, width: store.requestsAtOnce, chunk: 1) {
      try transfer(items[$0])
    }
    return ["blobs": .integer(Int64(items.count))]
  }

  /// A line of the list.
  private struct Item {
    /// nil: not known yet.
    let digest: Digest?
    let size: Int64
    let path: String

    init(_ line: Substring) throws {
      let words = line.split(separator: " ", maxSplits: 2)
      guard words.count == 3, let size = Int64(words[1]) else {
        throw MeasureError("cannot read the line '\(line)' of the list\n\(Transfers.usage)")
      }
      digest = Digest("sha256:" + words[0])
      guard digest != nil || words[0] == "-" else {
        throw MeasureError("'\(words[0])' is no digest in hex")
      }
      self.size = size
      path = String(words[2])
    }

    func blob() throws -> SizedDigest {
      SizedDigest(digest: try digest ?? Digest.of(file: path).digest, size: size)
    }
  }
}
