// Where the project is: as told, else upwards from the working directory, else from the program.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import CSystem
import CommandLine
import Subprocess

package enum ProjectRoot {
  /// The folder that holds Workshops/; `told` is the directory as it was named, if it was.
  ///
  /// Throws `UsageError` where there is none.
  package static func find(_ told: String?, _ environment: [String: String]) throws -> String {
    if let told = told ?? environment["ATELIER_PROJECT"] {
      let root = FileSystem.resolved(told) ?? FileSystem.absolute(told)
      guard FileSystem.isDirectory(root + "/Workshops") else {
        throw UsageError(
          "\(root) holds no folder Workshops/; -C (--directory) names the project's root")
      }
      return root
    }
    let here = FileManager.default.currentDirectoryPath
    let program = cs_self_path().map { String(cString: $0) } ?? ""
    for start in [here, program] {
      var folder = start
      while !folder.isEmpty {
        if isProject(folder) { return folder }
        folder = FileSystem.parent(of: folder)
      }
    }
    throw UsageError(
      "no project here: no folder above \(here) holds Package.swift and Workshops/; give -C DIR")
  }

  /// Whether a folder is a project: of a checkout, or the settings beside an installed program.
  private static func isProject(_ folder: String) -> Bool {
    let workshops = folder + "/Workshops"
    guard FileSystem.isDirectory(workshops) else { return false }
    if FileSystem.isFile(folder + "/Package.swift") { return true }
    return ProgramBundle.own != nil
      && FileSystem.names(in: workshops).contains {
        FileSystem.isFile("\(workshops)/\($0)/config.ini")
      }
  }
}
