// How a generated source gets onto the disk. It does not know what it says.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A source that the build writes.
public struct GeneratedFile: Hashable, Sendable {
  /// The Swift text.
  public let text: String

  /// A source by its text.
  public init(text: String) { self.text = text }

  /// Writes the text, unless the file already holds it.
  ///
  /// The file appears by rename, and its modification time (2001 to 2010) comes from the text:
  /// in debug builds the Swift driver compares whole seconds, and would not compile a second
  /// version that is written in the same second as the first, so the program would carry a
  /// fingerprint of other code.
  public func write(to path: String) throws(FingerprintError) {
    let content = Data(text.utf8)
    let time = try modificationTime()
    if FileManager.default.contents(atPath: path) == content { return }
    let temporary = path + ".new"
    do {
      try content.write(to: URL(filePath: temporary))
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: time)],
        ofItemAtPath: temporary)
    } catch {
      throw .unwritable(path: temporary, reason: "\(error)")
    }
    guard rename(temporary, path) == 0 else {
      throw .unwritable(path: path, reason: "error \(errno) while renaming")
    }
  }

  /// Seconds since 1970: 28 bits of the text's digest after 2001.
  func modificationTime() throws(FingerprintError) -> Double {
    1_000_000_000 + Double(UInt32(try SHA256.hex(Array(text.utf8)).prefix(7), radix: 16) ?? 0)
  }
}
