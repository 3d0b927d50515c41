// Files of a space: what was published, and edits that keep a file's time.
import Foundation

extension Space {
  /// The bytes of the published files by path, without the times in the paths.
  package func published() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for (path, bytes) in try publishedFiles() {
      let parts = path.split(separator: "/").map { part in
        part.hasPrefix("exportTime=") ? "exportTime" : String(part)
      }
      files[parts.joined(separator: "/")] = bytes
    }
    return files
  }

  /// The same with the real names.
  package func publishedFiles() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: store)
    where !path.hasPrefix(".atelier") {
      files[path] = Self.file("\(store)/\(path)")
    }
    return files
  }

  /// A file's bytes; nil for a folder.
  package static func file(_ path: String) -> Data? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
    else { return nil }
    return FileManager.default.contents(atPath: path)
  }

  /// Every path of the space with size and time, to see that nothing was written.
  package func census() throws -> [String: String] {
    var all: [String: String] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: root) {
      let facts = try FileManager.default.attributesOfItem(atPath: "\(root)/\(path)")
      all[path] = "\(facts[.size] ?? 0) \(facts[.modificationDate] ?? "")"
    }
    return all
  }

  /// Copies the simulated events of this space into a folder, as if they were real ones, a file a batch.
  package func exportEvents(to folder: String, batches: Int) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try atelier(["run", "week1"])
    for batch in 0..<batches {
      let path = try atelier(["show", "week1.events.\(batch)", "--format", "path"]).out
      let bytes = try Data(
        contentsOf: URL(fileURLWithPath: path.trimmingCharacters(in: .whitespacesAndNewlines)))
      try bytes.write(to: URL(fileURLWithPath: "\(folder)/batch-\(batch).parquet"))
    }
  }

  /// Runs SQL with the pinned DuckDB.
  package func duckdb(_ sql: String) throws {
    let program = Self.tools["ATELIER_DUCKDB"] ?? "duckdb"
    let finished = try Self.start(
      program, ["-no-init", "-batch", "-c", sql], environment: Self.tools, folder: root)
    guard finished.code == 0 else { throw ProgramError(finished.err) }
  }
}
