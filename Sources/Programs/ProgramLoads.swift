// Which files the system loads when a program starts. The loader itself is asked, once for each version
// of a program.
import AtelierStep
import Content
import FileIndex
import FileTools
import Subprocess

/// Finds shared libraries, loaders and interpreters of programs.
package struct ProgramLoads: Sendable {
  package let index: StoreIndex?

  /// Answers are remembered in an index, if there is one.
  package init(index: StoreIndex?) { self.index = index }

  /// What the loader's search rests on beside the program.
  package static let cache = "/etc/ld.so.cache"

  /// The absolute paths of what is loaded with a program or library, links not resolved.
  package func paths(of file: LoadedFile) throws -> [String] {
    try remembered(
      under: "loads/2 \(file.path) \(file.digest) \(file.identity) \(cacheIdentity())"
    ) { try find(file.path, depth: 0) }
  }

  /// The same of many libraries at once, each path once.
  package func paths(ofLibraries libraries: [PythonFiles.File]) throws -> [String] {
    if libraries.isEmpty { return [] }
    return try remembered(
      under: "libraries/1 \(cacheIdentity())\n"
        + libraries.map { "\($0.path) \($0.identity)\n" }.joined()
    ) {
      var found: Set<String> = []
      for library in libraries {
        found.formUnion(try find(library.path, depth: 0, isPythons: true))
      }
      return found.subtracting(libraries.map(\.path)).sorted()
    }
  }

  /// The answer to a question that says all that it rests on beside the files of the answer.
  private func remembered(under question: String, _ find: () throws -> [String]) throws -> [String]
  {
    let row = try Digest.of(question)
    if let known = index?.files(ofTree: row), let paths = try Self.unchanged(known) { return paths }
    let paths = try find()
    try remember(paths, row)
    return paths
  }

  /// An answer with the identity of each file: what one of them loads may change with it.
  private func remember(_ paths: [String], _ row: Digest) throws {
    let lines = try paths.map { "\($0)\t\(String(describing: try FileIdentity(ofFile: $0)))" }
    index?.remember(tree: row, files: Array(lines.joined(separator: "\n").utf8))
  }

  private static func unchanged(_ known: [UInt8]) throws -> [String]? {
    guard let text = String(validating: known, as: UTF8.self) else { return nil }
    var paths: [String] = []
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "\t", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      let path = String(parts[0])
      guard try String(describing: FileIdentity(ofFile: path)) == parts[1] else { return nil }
      paths.append(path)
    }
    return paths
  }

  private func cacheIdentity() throws -> String {
    String(describing: try FileIdentity(ofFile: Self.cache))
  }

  private func find(_ path: String, depth: Int, isPythons: Bool = false) throws -> [String] {
    guard depth < Self.mostInterpreters else {
      throw StepFailure(
        "\(path) is a script whose interpreters are scripts again, \(depth) deep; expected a program"
      )
    }
    let head = try Disk.read(path, first: 1 << 12) ?? []
    if head.starts(with: Array("#!".utf8)) { return try interpreters(head, depth) }
    guard head.starts(with: [0x7F, UInt8(ascii: "E"), UInt8(ascii: "L"), UInt8(ascii: "F")]) else {
      return []
    }
    guard let loader = try Self.loader(of: path, ElfHeader(head), isPythons) else { return [] }
    let command = Command(
      executable: loader.path, arguments: loader.words + ["--list", path], supervised: false,
      newGroup: false)
    let captured = try capture(command, timeout: 20)
    // A program without shared libraries is no dynamic one, which the loader says by its code.
    guard captured.exit.succeeded else { return [] }
    return Self.paths(inList: captured.text)
  }

  /// What loads a program or library of that path, and what it is told; nil for a static program.
  ///
  /// A library is loaded by a Python of the system if it is one of its modules, else by this program.
  private static func loader(
    of path: String, _ head: ElfHeader?, _ isPythons: Bool
  ) throws -> (path: String, words: [String])? {
    if let bundle = ProgramBundle.own,
      bundle.holds(path) || (head?.interpreter == nil && !isPythons)
    {
      return bundle.loader.map { ($0, bundle.libraries) }
    }
    // Another one is no loader that anybody vouches for, and is not started.
    guard let loader = head?.interpreter ?? ownLoader,
      ["/lib", "/usr/lib"].contains(where: loader.hasPrefix), !loader.contains("/../"),
      (try FileStatus(loader, followingLinks: true)) != nil
    else { return nil }
    return (loader, [])
  }

  /// The paths of lines such as `libm.so.6 => /lib/libm.so.6 (0x7f...)`.
  package static func paths(inList text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      guard let end = line.firstRange(of: " (0x")?.lowerBound else { return nil }
      let start = line.firstRange(of: " => ")?.upperBound ?? line.startIndex
      guard start < end else { return nil }
      let path = line[start..<end].drop { $0 == " " || $0 == "\t" }
      return path.hasPrefix("/") ? String(path) : nil
    }
  }

  /// As many as the kernel follows.
  private static let mostInterpreters = 5

  /// The interpreter of a script, and what `env` starts, each with all that it loads.
  private func interpreters(_ head: [UInt8], _ depth: Int) throws -> [String] {
    let line = String(
      decoding: head.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
    guard let interpreter = words.first, interpreter.hasPrefix("/"),
      try FileStatus(interpreter, followingLinks: true) != nil
    else { return [] }
    var found = [interpreter] + (try find(interpreter, depth: depth + 1))
    if interpreter.hasSuffix("/env"),
      let name = words.dropFirst().first(where: { $0.first != "-" }),
      let program = try ["/usr/bin/", "/bin/"].map({ $0 + name }).first(where: {
        try FileStatus($0, followingLinks: true) != nil
      })
    {
      found += [program] + (try find(program, depth: depth + 1))
    }
    return found.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private static let ownLoader: String? = {
    #if os(Linux)
      ((try? Disk.read(ProgramBundle.own?.program ?? "/proc/self/exe", first: 1 << 12)) ?? nil)
        .flatMap { ElfHeader($0)?.interpreter }
    #else
      nil
    #endif
  }()
}
