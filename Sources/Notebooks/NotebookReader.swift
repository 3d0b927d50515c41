// Runs the reader, a Python program of this module, over a notebook. It writes no workshop.
import Content
import Subprocess

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads notebooks with a Python, whose own parser tells what their code makes and needs.
package struct NotebookReader: Sendable {
  private let python: String

  /// A reader that starts the Python at a path.
  package init(python: String) { self.python = python }

  /// What the notebook at an absolute path becomes; throws a `NotebookProblem`.
  package func plan(_ path: String) throws -> NotebookPlan {
    let folder = FileManager.default.temporaryDirectory.path + "/atelier-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, bytes) in Self.program {
      try Data(bytes).write(to: URL(filePath: "\(folder)/\(name).py"))
    }
    let captured = try capture(
      Command(
        executable: python, arguments: ["-I", "-S", "-B", "\(folder)/reader_main.py", path],
        environment: ["LC_ALL": "C.UTF-8"]), timeout: 120)
    guard captured.exit.succeeded, let json = try? JSONValue(parsing: captured.stdout) else {
      let said = captured.errorText.split(separator: "\n").last.map(String.init) ?? ""
      throw NotebookProblem(
        "the reader \(captured.exit.status)\(said.isEmpty ? "" : ": \(said)"); the notebook is "
          + "unlike any that it knows, please report it")
    }
    return try NotebookPlan(json)
  }

  private static let program: [(name: String, bytes: [UInt8])] = [
    ("reader_main", PackageResources.reader_main_py), ("cells", PackageResources.cells_py),
    ("changes", PackageResources.changes_py),
    ("files", PackageResources.files_py), ("flow", PackageResources.flow_py),
    ("groups", PackageResources.groups_py), ("kinds", PackageResources.kinds_py),
    ("known", PackageResources.known_py),
    ("magics", PackageResources.magics_py), ("names", PackageResources.names_py),
    ("packages", PackageResources.packages_py), ("problems", PackageResources.problems_py),
    ("scripts", PackageResources.scripts_py), ("statements", PackageResources.statements_py),
    ("steps", PackageResources.steps_py), ("trees", PackageResources.trees_py),
    ("values", PackageResources.values_py),
  ]
}
