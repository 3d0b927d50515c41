// What of a checkout changed since the last look, and whether that needs a build. It builds nothing.
import FileTools
import Project

/// The files of a checkout that a run can depend on, as they were at one look.
struct SourceWatch {
  /// What has changed.
  struct Changes: Equatable {
    /// Paths below the checkout, sorted.
    var files: [String] = []
    /// Whether one of them is part of the program.
    var needsBuild = false
    var isEmpty: Bool { files.isEmpty }
  }

  private let root: String
  private let config: String
  private var identities: [String: FileIdentity] = [:]

  /// Looks at a checkout, and at the configuration file of the runs.
  init(root: String, config: String) throws {
    self.root = root
    self.config = config
    identities = try look()
  }

  /// What has changed since the last call.
  mutating func changes() throws -> Changes {
    let now = try look()
    var changes = Changes()
    for path in Set(now.keys).union(identities.keys) where now[path] != identities[path] {
      changes.files.append(path)
      changes.needsBuild = changes.needsBuild || Self.isBuilt(path)
    }
    changes.files.sort()
    identities = now
    return changes
  }

  /// Whether a file becomes part of the program: all but scripts, configuration and tests' baselines.
  private static func isBuilt(_ path: String) -> Bool {
    let parts = path.split(separator: "/")
    if parts.first == "Workshops", parts.count > 2 {
      return !["Scripts", "config.ini", "Data", "Baselines", "Examples"].contains(String(parts[2]))
    }
    return path == "Package.swift" || ["Sources", "Steps"].contains(parts.first.map(String.init))
  }

  private func look() throws -> [String: FileIdentity] {
    var found: [String: FileIdentity] = [:]
    for folder in ["Sources", "Steps", "Workshops"] { try add(folder, &found) }
    for (name, path) in [("Package.swift", "\(root)/Package.swift"), (config, config)] {
      found[name] = try FileIdentity(ofFile: path)
    }
    return found
  }

  private func add(_ folder: String, _ found: inout [String: FileIdentity]) throws {
    for name in try Disk.names(in: "\(root)/\(folder)") ?? [] {
      // Editors keep their own files beside those that they write.
      guard !name.hasPrefix("."), !name.hasSuffix("~"), !name.hasSuffix(".md") else { continue }
      let path = "\(folder)/\(name)"
      guard let status = try FileStatus("\(root)/\(path)", followingLinks: true) else { continue }
      switch status.kind {
      case .folder: try add(path, &found)
      case .file: found[path] = status.identity
      default: continue
      }
    }
  }
}
