// Trees laid out as folders of links, for programs that read files; removed after use.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import Content
import Engine

final class TreeFolders {
  private let environment: EngineEnvironment
  private var folders: [String] = []

  init(_ environment: EngineEnvironment) { self.environment = environment }

  /// A temporary folder with the tree's files.
  func folder(of record: OutputRecord) throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/atelier-tree-" + UUID().uuidString
    folders.append(path)
    try environment.bring(record)
    try environment.store.trees.materialize(record, at: path)
    return path
  }

  func remove() {
    for folder in folders { try? FileManager.default.removeItem(atPath: folder) }
    folders = []
  }
}
