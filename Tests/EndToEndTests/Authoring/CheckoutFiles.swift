// The files of a checkout that authors' verbs read and edit, without the rest of it. It starts nothing.
import AtelierTesting
import EndToEndHarness
import Foundation

/// A folder that verbs take for a checkout.
struct CheckoutFiles {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for path in ["Sources", "Steps", "Workshops", "Tests"] {
      try FileManager.default.createDirectory(
        atPath: folder(path), withIntermediateDirectories: true)
    }
    for path in ["Package.swift", "Makefile", "Sources/AtelierProgram"] {
      try FileManager.default.copyItem(
        atPath: "\(TestTools.root)/\(path)", toPath: folder(path))
    }
  }

  /// Every file with its text; folders have none.
  func contents() throws -> [String: String] {
    var all: [String: String] = [:]
    for case let path as String in FileManager.default.enumerator(atPath: folder.path) ?? .init() {
      all[path] = (try? TestFiles.text(folder(path))) ?? ""
    }
    return all
  }
}
