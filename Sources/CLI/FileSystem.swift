// The few file system questions of the CLI.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import CSystem

enum FileSystem {
  static func isFile(_ path: String) -> Bool { kind(path) == "f" }
  static func isDirectory(_ path: String) -> Bool { kind(path) == "d" }

  private static func kind(_ path: String) -> Character? {
    var status = cs_stat_t()
    guard cs_stat(path, 1, &status) == 0 else { return nil }
    return Character(UnicodeScalar(UInt8(bitPattern: status.kind)))
  }

  static func size(_ path: String) -> Int64? {
    var status = cs_stat_t()
    return cs_stat(path, 1, &status) == 0 ? status.size : nil
  }

  /// The names in a folder; none where it cannot be read.
  static func names(in folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }

  /// The path with all links resolved; nil where there is nothing.
  static func resolved(_ path: String) -> String? {
    guard let real = cs_realpath(path) else { return nil }
    defer { cs_free(real) }
    return String(cString: real)
  }

  /// The absolute form of a path that may be relative to the working directory.
  static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }

  /// The bytes of a file.
  static func read(_ path: String) throws -> [UInt8] {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else {
      throw UsageError("cannot read \(path): \(String(cString: cs_error()))")
    }
    defer { cs_close(descriptor) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = cs_read(descriptor, &block, block.count)
      if count < 0 { throw UsageError("cannot read \(path): \(String(cString: cs_error()))") }
      if count == 0 { return bytes }
      bytes += block[0..<count]
    }
  }

  /// Makes a folder and those around it.
  static func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Adds to the end of a file that nobody else writes meanwhile.
  static func append(_ bytes: [UInt8], to path: String) throws {
    try replace(path, with: (isFile(path) ? read(path) : []) + bytes)
  }

  /// Replaces a file as a whole: readers see the old bytes or the new ones.
  static func replace(_ path: String, with bytes: [UInt8]) throws {
    let target = resolved(path) ?? path
    let temporary = target + ".atelier-new"
    var status = cs_stat_t()
    let mode = cs_stat(target, 1, &status) == 0 ? status.mode : 0o644
    let descriptor = cs_open_write(temporary, 0, mode)
    guard descriptor >= 0 else {
      throw UsageError("cannot write \(temporary): \(String(cString: cs_error()))")
    }
    let written = bytes.withUnsafeBytes { cs_write_all(descriptor, $0.baseAddress, $0.count) }
    let flushed = cs_fsync(descriptor)
    cs_close(descriptor)
    guard written == 0, flushed == 0, cs_rename(temporary, target) == 0 else {
      let reason = String(cString: cs_error())
      _ = cs_unlink(temporary)
      throw UsageError("cannot write \(target): \(reason)")
    }
  }
}
