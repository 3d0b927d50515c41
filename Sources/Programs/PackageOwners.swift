// Which package of the system brought a file. It starts nothing.
import FileTools

/// The packages of this machine by the files that they brought.
package struct PackageOwners {
  private var names: [String: String] = [:]

  /// Reads dpkg's lists; a machine without dpkg owns nothing.
  package init() throws {
    let database = DpkgDatabase()
    for package in try database.installed()?.all ?? [] {
      for path in try database.files(of: package) { names[Self.place(path)] = package.name }
    }
  }

  /// The name of the package that a file belongs to; nil for one that no package brought.
  package func owner(of path: String) -> String? { names[Self.place(path)] }

  /// The path where a merged /usr has it: lists name some files in /lib, which is a link.
  private static func place(_ path: String) -> String {
    ["/lib", "/bin", "/sbin"].contains(where: path.hasPrefix) ? "/usr" + path : path
  }
}
