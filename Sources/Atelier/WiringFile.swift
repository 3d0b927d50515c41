// Reads a file that decides how a graph is wired, with errors in words. It knows no graph.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A file that wiring reads.
enum WiringFile {
  /// The bytes of a regular file, or of one that a link leads to.
  ///
  /// - Throws: `WiringFileError`; a pipe or a device is refused before it is opened, since reading it might
  ///   never end.
  static func read(_ path: String) throws(WiringFileError) -> [UInt8] {
    let target = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
    switch kind(target) {
    case .typeRegular: break
    case .typeDirectory:
      throw WiringFileError(path: path, problem: "it is a folder; expected a file")
    case .typeSymbolicLink:
      throw WiringFileError(path: path, problem: "it is a link to nothing; expected a file")
    case nil: throw WiringFileError(path: path, problem: "it is not there")
    case .some:
      throw WiringFileError(path: path, problem: "it is a pipe or a device; expected a file")
    }
    do {
      return [UInt8](try Data(contentsOf: URL(filePath: path)))
    } catch let error as CocoaError where error.code == .fileReadNoPermission {
      throw WiringFileError(
        path: path, problem: "permission denied; `chmod u+r` allows it")
    } catch {
      throw WiringFileError(path: path, problem: "\(error)")
    }
  }

  /// Whether there is something, which may be a link to nothing.
  static func isThere(_ path: String) -> Bool { kind(path) != nil }

  private static func kind(_ path: String) -> FileAttributeType? {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
  }
}

/// A file of the wiring that cannot be read.
public struct WiringFileError: Error, CustomStringConvertible {
  /// The path, absolute.
  public let path: String
  /// What is wrong with it.
  public let problem: String
  /// The error in one sentence.
  public var description: String { "cannot read \(path): \(problem)" }
}
