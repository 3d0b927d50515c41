// The first stream of a download, which ends early where parallel parts would be faster.
import HTTP

/// Takes an object into a file until what is left would take too long this way.
///
/// Fast and near endpoints give an object soonest in one stream; over a long way one stream fills
/// a small part of the line.
final class FrontSink: ResponseSink {
  /// Thrown to end the stream: the file holds all bytes up to `file.count`.
  struct PartsAreFaster: Error {}

  let file: FileSink
  private let options: S3Options
  private let elapsed: () -> Double
  private var begun = 0.0
  private var size: Int64 = 0
  private var nextCheck: Int64

  /// `check` reads the head and may refuse it; no more than `limit` bytes are taken.
  init(
    _ file: OpenFile, _ options: S3Options, limit: Int64, elapsed: @escaping () -> Double,
    check: @escaping (HTTPHead) throws -> Void
  ) throws {
    self.file = try FileSink(
      descriptor: file.descriptor, path: file.path, offset: 0, limit: limit, hashing: true,
      check: check)
    self.options = options
    self.elapsed = elapsed
    nextCheck = options.rangeCheck
  }

  func begin(_ head: HTTPHead) throws {
    try file.begin(head)
    begun = elapsed()
    size = head["Content-Length"].flatMap { Int64($0) } ?? 0
  }

  func take(_ bytes: UnsafeRawBufferPointer) throws {
    try file.take(bytes)
    guard file.count >= nextCheck else { return }
    nextCheck += options.rangeCheck
    let left = size - file.count
    guard left > options.rangeCheck else { return }
    let perByte = (elapsed() - begun) / Double(file.count)
    if Double(left) * perByte > options.rangeSeconds {
      try file.flush()
      throw PartsAreFaster()
    }
  }

  func finish() throws { try file.finish() }
}
