// Where declared programs are on this machine, and what they are. It starts no step.
import AtelierStep
import Content
import FileIndex
import FileTools
import Synchronization

/// A file of this machine that a step may load, as it was when its digest was taken.
package struct LoadedFile: Sendable, Hashable {
  /// The absolute path, links not resolved.
  package let path: String
  package let digest: Digest
  package let identity: FileIdentity

  package init(path: String, digest: Digest, identity: FileIdentity) {
    self.path = path
    self.digest = digest
    self.identity = identity
  }

  /// The name by which it stands in a key.
  package var name: String {
    String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
  }
}

/// Where a declared program is, and the digests of its file and of what is loaded with it.
package struct ProgramIdentity: Sendable, Hashable {
  /// Where it was found, links not resolved: a program may go by the name that it was started by.
  package let path: String
  package let file: LoadedFile
  /// Shared libraries, the loader, and the interpreter of a script.
  package let loads: [LoadedFile]
  /// The modules of a Python.
  package let python: PythonFiles?

  package init(
    path: String, file: LoadedFile, loads: [LoadedFile] = [],
    python: PythonFiles? = nil
  ) {
    self.path = path
    self.file = file
    self.loads = loads
    self.python = python
  }

  package var digest: Digest { file.digest }

  /// Of every file that belongs to it.
  package var identities: [(path: String, identity: FileIdentity)] {
    ([file] + loads).map { ($0.path, $0.identity) }
      + (python.map { $0.files + $0.folders } ?? []).map { ($0.path, $0.identity) }
  }

  package var inKey: KeyProgram {
    var parts: [String: Digest] = [:]
    for load in loads {
      // Files of one name from several folders count each.
      var (name, number) = (load.name, 1)
      while parts[name] != nil {
        number += 1
        name = "\(load.name) (\(number))"
      }
      parts[name] = load.digest
    }
    parts["python modules"] = python?.digest
    return KeyProgram(digest: file.digest, loads: parts)
  }
}

/// A declared program that is not on this machine.
package struct MissingProgram: Error, CustomStringConvertible {
  package let name: String
  package let looked: [String]
  package let advice: String

  package init(name: String, looked: [String], advice: String) {
    self.name = name
    self.looked = looked
    self.advice = advice
  }

  package var description: String {
    "the program or library '\(name)' is missing; "
      + (looked.isEmpty ? "PATH is empty" : "looked at \(looked.joined(separator: ", "))")
      + ". \(advice)"
  }
}

/// Programs and packages of this machine; each is looked up once a run.
package final class ProgramTable: Sendable {
  private let known = Mutex<[Program: ProgramIdentity]>([:])
  private let closures = Mutex<[[String]: PackageClosure]>([:])
  private let system = Mutex<[String: SystemRuntime]>([:])
  private let locate: @Sendable (Program) throws -> String
  private let digest: @Sendable (String) throws -> FileDigest
  private let loads: ProgramLoads

  /// `locate` gives the path of a program or throws `MissingProgram`; `digest` that of a file.
  package init(
    locate: @escaping @Sendable (Program) throws -> String,
    digest: @escaping @Sendable (String) throws -> FileDigest, loads: ProgramLoads
  ) {
    self.locate = locate
    self.digest = digest
    self.loads = loads
  }

  /// The path and the digests of a program.
  ///
  /// No program is started.
  package func identity(of program: Program) throws -> ProgramIdentity {
    if let identity = known.withLock({ $0[program] }) { return identity }
    let path = try locate(program)
    let file = try load(path)
    var opened = try loads.paths(of: file)
    var python: PythonFiles?
    for candidate in [path] + opened where python == nil {
      python = try PythonFiles(of: candidate, program.python, digests: digests)
    }
    opened += try loads.paths(ofLibraries: python?.libraries ?? [])
      .filter { !opened.contains($0) }
    let identity = ProgramIdentity(
      path: path, file: file, loads: try opened.map(load), python: python)
    known.withLock { $0[program] = identity }
    return identity
  }

  private var digests: FileSetDigest { FileSetDigest(digest: digest, index: loads.index) }

  private func load(_ path: String) throws -> LoadedFile {
    let found = try digest(path)
    return LoadedFile(path: path, digest: found.digest, identity: found.identity)
  }

  /// The packages with all that they depend on; throws `PackageError` where that cannot be told.
  package func closure(of packages: [String]) throws -> PackageClosure {
    let names = Set(packages).sorted()
    if let closure = closures.withLock({ $0[names] }) { return closure }
    let closure = try PackageClosure(of: names, digests: digests)
    closures.withLock { $0[names] = closure }
    return closure
  }

  /// What the program that steps run in has loaded of the system.
  package func runtime(of worker: String) throws -> SystemRuntime {
    if let runtime = system.withLock({ $0[worker] }) { return runtime }
    let files = try SystemRuntime.paths(among: loads.paths(of: load(worker))).map(load)
    let runtime = SystemRuntime(files: files)
    system.withLock { $0[worker] = runtime }
    return runtime
  }

  /// All programs that were asked for so far.
  package var identities: [Program: ProgramIdentity] { known.withLock { $0 } }

  /// All files that keys of this run rest on, beside those of the programs.
  package var systemFiles: [LoadedFile] { system.withLock { $0.values.flatMap(\.files) } }

  /// The files that say which packages there are, and those of the packages that steps asked for.
  package var packageFiles: [String] {
    let closures = closures.withLock { Array($0.values) }
    return Set(closures.flatMap(\.recordPaths)).sorted() + Set(closures.flatMap(\.files)).sorted()
  }

  /// Whether packages were installed since a step asked for some.
  package var havePackagesMoved: Bool {
    closures.withLock { $0.values.contains(where: \.hasMoved) }
  }

  /// Whether the C library or the locale is no longer what it was.
  package var hasRuntimeMoved: Bool {
    systemFiles.contains { (try? FileIdentity(ofFile: $0.path)) != $0.identity }
  }

  /// Whether a file of the program is no longer the one that was hashed.
  ///
  /// A file that was changed and changed back counts: a step may have loaded it in between.
  package func hasMoved(_ identity: ProgramIdentity) -> Bool {
    identity.identities.contains { (try? FileIdentity(ofFile: $0.path)) != $0.identity }
  }
}
