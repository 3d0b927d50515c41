// How fast this machine computes SHA-256. It reads no file.
import CSystem
import Content

/// The speed of SHA-256 on this machine, in bytes per second.
///
/// Bytes in memory: a file is read beside its hashing, so that this is what hashing a large one in the
/// page cache comes to.
package struct HashSpeed: Sendable {
  /// On one core.
  package let one: Double
  /// On all cores that work on files uses at once, together.
  package let all: Double
  /// How many those are.
  package let cores: Int
  /// Whether the processor has instructions for SHA-256; nil where that is not known.
  package let hasExtensions: Bool?

  /// Measures, one core and then all of them, for so many milliseconds each.
  package init(milliseconds: Int = 200) throws {
    cores = Parallel.cores
    one = try Self.speed(threads: 1, milliseconds)
    all = cores == 1 ? one : try Self.speed(threads: cores, milliseconds)
    let answer = cs_has_sha_extensions()
    hasExtensions = answer < 0 ? nil : answer == 1
  }

  private static func speed(threads: Int, _ milliseconds: Int) throws -> Double {
    let start = cs_monotonic()
    let end = start + Int64(milliseconds) * 1_000_000
    let bytes = try Parallel.map(threads, width: threads, chunk: 1) { _ in try hash(until: end) }
    return Double(bytes.reduce(0, +)) / (Double(cs_monotonic() - start) / 1e9)
  }

  /// How many bytes this thread hashes until then.
  private static func hash(until end: Int64) throws -> Int {
    let block = [UInt8](repeating: 0x5A, count: 1 << 18)
    let hasher = try SHA256()
    var bytes = 0
    repeat {
      try Interruption.check()
      block.withUnsafeBytes { hasher.update($0) }
      bytes += block.count
    } while cs_monotonic() < end
    _ = try hasher.finish()
    return bytes
  }
}
