// Where files arrive for a workshop, as the watcher sees it. It knows neither workshops nor runs.
import Content
import FileTools

/// An object as a listing of its location tells it; nothing was read yet.
package struct InboxObject: Hashable, Sendable {
  /// Below the location, with `/` between folders.
  package let name: String
  /// What tells this version from another; no digest.
  package let version: String
  /// When it was written last.
  package let written: Timestamp

  package init(name: String, version: String, written: Timestamp) {
    self.name = name
    self.version = version
    self.written = written
  }

  /// Whether a name is none of a file in the making: hidden, or with the ending that programs give
  /// to what is not complete.
  package static func isComplete(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard let last = parts.last, !last.isEmpty else { return false }
    let endings = ["~", ".part", ".partial", ".tmp", ".crdownload", ".filepart"]
    // A folder of a bucket may have an empty name.
    return !parts.contains { $0.hasPrefix(".") }
      && !endings.contains { last.lowercased().hasSuffix($0) }
  }
}

extension InboxObject {
  /// Copies bytes to a new file that nobody writes to.
  package static func copy(_ path: String, to target: String) throws {
    try Disk.copy(path, to: target, mode: 0o444)
  }
}

/// A folder or a prefix of a bucket into which others put files.
package protocol InboxLocation: Sendable {
  /// The path or URL, for people.
  var shown: String { get }

  /// What lies there now and does not look half-written by its name, in no order.
  func objects() throws -> [InboxObject]

  /// Copies an object as it is now to a new file; its digest, or nil where it is gone or is still
  /// being written: try again later.
  func copy(_ object: InboxObject, to path: String) throws -> Digest?
}
