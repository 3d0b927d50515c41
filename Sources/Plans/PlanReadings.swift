// What a plan says of the files and folders that decided how its graph was wired.
import Atelier
import Content

extension WiringReadings {
  /// Files with their digests and bytes, folders with the names in them; paths are those below the
  /// project where they lie there.
  func document(projectRoot: String) -> JSONValue {
    let root = projectRoot + "/"
    func short(_ path: String) -> String {
      path.hasPrefix(root) ? String(path.dropFirst(root.count)) : path
    }
    var files: [String: JSONValue] = [:]
    for (path, size) in named {
      guard let digest = self.files[path] else { continue }
      files[short(path)] = ["digest": .string(digest.description), "size": .integer(size)]
    }
    var folders: [String: JSONValue] = [:]
    for path in namedFolders {
      folders[short(path)] = .array((self.folders[path] ?? []).map { .string($0) })
    }
    return ["files": .object(files), "folders": .object(folders)]
  }
}
