// Where declared programs lie on this machine: a variable, the project's own tools, then PATH.
import AtelierStep
import CSystem
import Execution
import Programs
import Subprocess

package struct ProgramLocator: Sendable {
  package let projectRoot: String
  package let environment: [String: String]

  package init(projectRoot: String, environment: [String: String]) {
    self.projectRoot = projectRoot
    self.environment = environment
  }

  /// The absolute path of a program or library.
  ///
  /// Links stay as they are: a program may do what its name says, and a Python finds its virtual
  /// environment by it.
  package func path(of program: Program) throws -> String {
    var looked: [String] = []
    func usable(_ path: String) -> String? {
      let full = FileSystem.absolute(path)
      guard FileSystem.isFile(full) else {
        looked.append(path)
        return nil
      }
      if !program.isExecutable || FileSystem.isExecutable(full) { return full }
      looked.append("\(path) (may not be started)")
      return nil
    }
    let variable = Self.variable(for: program)
    if let path = environment[variable] {
      if let found = usable(path) { return found }
      if FileSystem.isFile(FileSystem.absolute(path)), program.isExecutable {
        throw MissingProgram(
          name: program.name, looked: ["$\(variable) = \(path), which may not be executed"],
          advice: "Type: chmod +x \(path)")
      }
      throw MissingProgram(
        name: program.name, looked: ["$\(variable) = \(path)"],
        advice: "Correct the variable, or unset it to use the project's own tools.")
    }
    if program.name.hasPrefix("/"), let found = usable(program.name) { return found }
    for path in pinned(program.name) { if let found = usable(path) { return found } }
    if program.isExecutable, !program.name.contains("/") {
      for folder in (environment["PATH"] ?? "").split(separator: ":") {
        if let found = usable("\(folder)/\(program.name)") { return found }
      }
    }
    if let bundle = ProgramBundle.own {
      throw MissingProgram(
        name: program.name, looked: looked,
        advice: "Install it, set \(variable) to its path, or unpack \(bundle.root) again.")
    }
    throw MissingProgram(
      name: program.name, looked: looked,
      advice: pinned(program.name).isEmpty
        || !pinned(program.name).contains(where: { $0.hasPrefix(tools) })
        ? "Install it, or set \(variable) to its path."
        : "Run `make setup`, or set \(variable) to its path.")
  }

  /// The variable that says where a program is.
  package static func variable(for program: Program) -> String {
    "ATELIER_" + String(program.name.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
  }

  /// The folder of the tools that `make setup` installs: the bundle's, else the project's.
  private var tools: String { "\(ProgramBundle.own?.root ?? projectRoot)/.tools/venv" }

  private func pinned(_ name: String) -> [String] {
    let venv = "\(tools)/lib"
    let packages = FileSystem.names(in: venv).filter { $0.hasPrefix("python3") }.sorted()
      .map { "\(venv)/\($0)/site-packages" }
    let library = "libxgboost." + (Self.isLinux ? "so" : "dylib")
    switch name {
    case "duckdb":
      return packages.map { "\($0)/duckdb_cli/duckdb" } + (packages.isEmpty ? [venv] : [])
    case "xgboost":
      return packages.map { "\($0)/xgboost/lib/\(library)" } + (packages.isEmpty ? [venv] : [])
    case "libgomp":
      let found = packages.flatMap { package in
        FileSystem.names(in: "\(package)/xgboost_cpu.libs").filter { $0.hasPrefix("libgomp") }
          .sorted().map { "\(package)/xgboost_cpu.libs/\($0)" }
      }
      return found.isEmpty ? [venv + "/python3/site-packages/xgboost_cpu.libs/libgomp.so"] : found
    case "vl-convert":
      return packages.map { "\($0)/vl_convert/vl_convert.abi3.so" }
        + (packages.isEmpty ? [venv] : [])
    // The Python for which the module above was installed.
    case "figure-python": return ownPython.map { [$0] } ?? ["\(tools)/bin/python3"]
    case "uv": return ["\(tools)/bin/uv"]
    case "libcurl", "libmicrohttpd":
      // Where Debian, Fedora and macOS keep the library that a program of this system loads.
      let folders =
        (ProgramBundle.own.map { [$0.runtime] } ?? [])
        + FileSystem.names(in: "/usr/lib").filter { $0.hasSuffix("-linux-gnu") }.sorted()
        .map { "/usr/lib/\($0)" } + ["/usr/lib64", "/usr/lib"]
      let names =
        name == "libcurl"
        ? ["libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib"] : ["libmicrohttpd.so.12"]
      return names.flatMap { name in folders.map { "\($0)/\(name)" } }
    case "openpyxl", "et-xmlfile":
      // A wheel's file name starts with the package's name, its dashes as underscores.
      let wheels = "\(tools)/wheels"
      let start = name.split(separator: "-").joined(separator: "_") + "-"
      let found = FileSystem.names(in: wheels).filter { $0.hasPrefix(start) }.sorted()
      return found.isEmpty ? [wheels] : found.map { "\(wheels)/\($0)" }
    case "python3":
      // The one whose identity is in the keys of whoever made the bundle.
      if let ownPython { return [ownPython] }
      // A shim is a script that asks for another Python; a step gets a Python itself.
      return (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/python3" }
        .filter { FileSystem.isFile($0) && !FileSystem.isScript($0) }
    default: return ProgramBundle.own.map { ["\($0.root)/libexec/\(name)"] } ?? []
    }
  }

  /// The Python of the bundle; nil where there is none.
  private var ownPython: String? {
    guard let folder = ProgramBundle.own.map({ $0.root + "/python/bin" }) else { return nil }
    return FileSystem.names(in: folder).first.map { "\(folder)/\($0)" }
  }

  private static var isLinux: Bool {
    #if os(Linux)
      true
    #else
      false
    #endif
  }
}
