// Which programs, libraries and packages an image has: those that the workshops' steps declare, and
// those that any step may. It starts none of them.
import Atelier
import AtelierStep
import CommandLine
import Content
import FileIndex
import FileTools
import Programs
import Project
import Terminal

/// The programs of an image, found on this machine.
struct ImagePrograms {
  private(set) var found: [(program: Program, identity: ProgramIdentity)] = []
  private(set) var closures: [PackageClosure] = []
  /// What is not on this machine, in a sentence each.
  private(set) var missing: [String] = []
  private let table: ProgramTable

  /// What steps of the families and the program itself open or start, on whichever machine.
  private static let always: [Program] = [
    Program("duckdb"), Program("xgboost", isExecutable: false),
    Program("libgomp", isExecutable: false), Program("vl-convert", isExecutable: false),
    Program("figure-python", python: .standard), Program("python3", python: .standard),
    Program("uv"), Program("libcurl", isExecutable: false),
    Program("libmicrohttpd", isExecutable: false), Program("openpyxl", isExecutable: false),
    Program("et-xmlfile", isExecutable: false), Program("gzip"),
  ]
  /// The packages that locked environments of Python may read.
  private static let packages = ["libstdc++6"]

  /// `wanted` are the programs that steps of graphs declare.
  init(_ locator: ProgramLocator, wanted: [Program]) throws {
    table = ProgramTable(
      locate: { try locator.path(of: $0) }, digest: { try Self.digest($0) },
      loads: ProgramLoads(index: nil))
    for program in Set(Self.always + wanted.filter(\.isFile)).sorted(by: Self.precedes) {
      do {
        found.append((program, try table.identity(of: program)))
      } catch let error as MissingProgram {
        missing.append(error.description)
      }
    }
    for names in Set([Self.packages] + wanted.map(\.packages).filter { !$0.isEmpty }).sorted(
      by: { $0.lexicographicallyPrecedes($1) })
    {
      do {
        closures.append(try table.closure(of: names))
      } catch let error as PackageError {
        missing.append(error.description)
      }
    }
  }

  var identities: [ProgramIdentity] { found.map(\.identity) }

  /// The running program with what it loads.
  func own(_ path: String) throws -> ProgramIdentity { try table.identity(of: Program(path)) }

  /// What every process has of the system: C library, loader and locale.
  func runtime(of path: String) throws -> [String] {
    try table.runtime(of: path).files.map(\.path)
  }

  private static func precedes(_ one: Program, _ other: Program) -> Bool {
    (one.name, one.python.rawValue) < (other.name, other.python.rawValue)
  }

  private static func digest(_ path: String) throws -> FileDigest {
    guard let identity = try FileIdentity(ofFile: path) else {
      throw FileError.unsuitable(path: path, found: "missing", expected: "a file")
    }
    let (digest, size) = try Digest.of(file: path)
    return FileDigest(digest: digest, size: size, identity: identity)
  }
}
