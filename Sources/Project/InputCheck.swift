// Whether everything that chosen nodes need from outside is there. It writes nothing.
import Atelier
import AtelierStep
import CSystem
import CommandLine
import Execution
import FileTools
import LocalStores
import Names
import Planning
import RemoteCache
import RemoteSources

/// The check of programs and sources before anything is written.
struct InputCheck {
  let session: Session
  let graph: Graph
  let selection: Selection
  /// Nodes whose bytes a plan names: they are in the shared store.
  var planned: Set<String> = []

  /// Checks everything, and gives what was seen of objects in buckets.
  ///
  /// `root` is the store's folder. Throws `UsageError` or `MissingProgram` where something is missing.
  func run(root: String, _ use: RemoteUse) throws -> [ObjectMetadata] {
    let locator = session.locator
    var located = Set<Program>()
    var objects: [(step: String, url: String)] = []
    for index in selection.nodes {
      let node = graph.nodes[index]
      for program in node.step?.programs ?? []
      where program.isFile && located.insert(program).inserted {
        _ = try locator.path(of: program)
      }
      guard case .source(let path) = node.kind else { continue }
      if ObjectURL.isMeant(by: path) {
        objects.append((node.name, path))
      } else if !planned.contains(node.name) {
        try check(
          path.hasPrefix("/") ? path : "\(session.projectRoot)/\(path)", of: node.name,
          isTree: node.outputs.first?.isTree ?? false)
      }
    }
    return try check(objects, root, use)
  }

  /// A file must be there, readable and not empty, a folder must be there.
  private func check(_ path: String, of name: String, isTree: Bool) throws {
    guard isTree ? FileSystem.isDirectory(path) : FileSystem.isFile(path) else {
      throw UsageError("\(name): expected a \(isTree ? "folder" : "file") at \(path), found none")
    }
    if isTree { return }
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else {
      throw UsageError("\(name): cannot read \(path): \(String(cString: cs_error()))")
    }
    cs_close(descriptor)
    guard FileSystem.size(path) ?? 0 > 0 else {
      throw UsageError("\(name): \(path) is empty; expected content")
    }
  }

  /// Every object must be there.
  private func check(
    _ objects: [(step: String, url: String)], _ root: String, _ use: RemoteUse
  ) throws -> [ObjectMetadata] {
    if objects.isEmpty { return [] }
    let sources = session.sources(try .open(root: root, readOnly: true), use)
    let found = try Parallel.map(objects.count, width: 8, chunk: 1) { index in
      try sources.head(objects[index].url)
    }
    return try zip(objects, found).map { object, metadata in
      guard let metadata else {
        throw UsageError("\(object.step): expected an object at \(object.url), found none")
      }
      return metadata
    }
  }
}
