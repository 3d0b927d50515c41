// The files of the workshops that a run reads: settings, scripts, wiring; no Swift source, no data,
// no secret.
import Configuration
import FileTools
import Project

/// Files of a workshop's folder, by their paths from the project's root.
struct ProjectFiles {
  /// Bytes of the largest file that belongs to a workshop's wiring.
  private static let largest = 16 << 20

  private(set) var files: [(path: String, bytes: [UInt8])] = []
  /// Settings that are left empty, since they are secrets: file and names.
  private(set) var emptied: [(file: String, names: [String])] = []

  /// Reads the folder of a workshop; `Data` in it is left out.
  init(workshop folder: String, root: String) throws {
    try read("Workshops/\(folder)", root: root)
  }

  private mutating func read(_ folder: String, root: String) throws {
    for name in try (Disk.names(in: "\(root)/\(folder)") ?? []).sorted() {
      if name.hasPrefix(".") || name == "Data" || Self.isLeftover(name) { continue }
      let path = "\(folder)/\(name)"
      // A link may lead out of the project.
      guard let status = try FileStatus("\(root)/\(path)", followingLinks: false) else { continue }
      switch status.kind {
      case .folder: try read(path, root: root)
      case .file where !name.hasSuffix(".swift") && !name.hasSuffix(".md"):
        guard let bytes = try Disk.read("\(root)/\(path)", atMost: Self.largest) else { continue }
        files.append((path, try shown(bytes, path)))
      default: continue
      }
    }
  }

  /// Whether editors and people leave such a file beside the one that counts.
  private static func isLeftover(_ name: String) -> Bool {
    let lowered = name.lowercased()
    return lowered.hasSuffix("~") || lowered.hasPrefix("#")
      || ["bak", "backup", "old", "orig", "rej", "save", "swp", "swo", "tmp"]
        .contains { lowered.hasSuffix(".\($0)") || lowered.contains(".\($0).") }
  }

  /// The bytes of a file as an image may have them.
  private mutating func shown(_ bytes: [UInt8], _ path: String) throws -> [UInt8] {
    guard path.lowercased().hasSuffix(".ini") else { return bytes }
    let (document, names) = try IniDocument(bytes: bytes, file: path).withoutSecrets()
    if !names.isEmpty { emptied.append((path, names)) }
    return Array(document.text.utf8)
  }
}
