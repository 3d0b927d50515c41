// Files of tests that vanish with them.
import Foundation

/// A file in a folder of its own.
final class TemporaryFile: Sendable {
  let folder: String
  var path: String { folder + "/file" }

  init(_ text: String) throws { try folder = Self.make(Array(text.utf8)) }

  init(bytes: [UInt8]) throws { try folder = Self.make(bytes) }

  private static func make(_ bytes: [UInt8]) throws -> String {
    let folder = NSTemporaryDirectory() + "platform-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: folder + "/file"))
    return folder
  }

  func bytes(_ name: String = "file") throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }
}
