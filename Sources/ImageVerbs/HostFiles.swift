// Copies of this machine's files in an image: each at its own path, with the links on the way to
// it, and the project's at the project's place there.
import FileTools
import OCI

/// Files of this machine as entries of layers.
struct HostFiles {
  /// The folder of the project in an image.
  static let project = "/opt/atelier"
  /// As many links as the kernel follows.
  private static let mostLinks = 40

  /// The folder of the project on this machine.
  let projectRoot: String
  private(set) var tree = LayerTree()

  init(projectRoot: String) { self.projectRoot = projectRoot }

  /// The path in the image of one on this machine.
  func inImage(_ path: String) -> String {
    if path == projectRoot { return Self.project }
    guard path.hasPrefix(projectRoot + "/") else { return path }
    return Self.project + path.dropFirst(projectRoot.count)
  }

  /// Adds what is at an absolute path: a file, or a folder without what is in it.
  ///
  /// - Throws: `FileError` where there is nothing, or something that is neither.
  mutating func add(_ path: String) throws {
    var rest: [String]
    var place: String
    if path.hasPrefix(projectRoot + "/") {
      (place, rest) = (projectRoot, Self.parts(String(path.dropFirst(projectRoot.count))))
    } else {
      (place, rest) = ("", Self.parts(path))
    }
    var links = 0
    while let part = rest.popLast() {
      if part == ".." {
        place = place.lastIndex(of: "/").map { String(place[..<$0]) } ?? ""
        continue
      }
      let next = "\(place)/\(part)"
      guard let status = try FileStatus(next, followingLinks: false) else {
        throw FileError.unsuitable(path: next, found: "missing", expected: "a file or folder")
      }
      switch status.kind {
      case .symlink:
        links += 1
        guard let target = Disk.target(ofLink: next), links <= Self.mostLinks else {
          throw FileError.unsuitable(
            path: path, found: "a loop of links", expected: "a file or folder")
        }
        try tree.addLink(inImage(next), to: target.hasPrefix("/") ? inImage(target) : target)
        if target.hasPrefix("/") { place = "" }
        rest += Self.parts(target)
      case .folder:
        place = next
        if rest.isEmpty { try tree.addFolder(inImage(next)) }
      case .file where rest.isEmpty:
        try tree.addFile(inImage(next), from: next, isExecutable: status.isExecutable)
      default:
        throw FileError.unsuitable(
          path: next, found: status.name, expected: rest.isEmpty ? "a file or folder" : "a folder")
      }
    }
  }

  /// Adds a file of this machine at another path of the image.
  mutating func add(_ path: String, at target: String, isExecutable: Bool) throws {
    try tree.addFile(target, from: path, isExecutable: isExecutable)
  }

  /// Adds a file of these bytes at a path of the image.
  mutating func add(_ bytes: [UInt8], at target: String) throws { try tree.addFile(target, bytes) }

  /// Adds a folder at a path of the image.
  mutating func addFolder(at target: String, mode: UInt32 = 0o755) throws {
    try tree.addFolder(target, mode: mode)
  }

  /// The components of a path, the last one first.
  private static func parts(_ path: String) -> [String] {
    path.split(separator: "/").map(String.init).filter { $0 != "." }.reversed()
  }
}
