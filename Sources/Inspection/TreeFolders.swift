// Trees laid out as folders of links, for programs that read files; removed after use.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import Content
import Execution

package final class TreeFolders {
  private let environment: EngineEnvironment
  private var folders: [String] = []

  package init(_ environment: EngineEnvironment) { self.environment = environment }

  /// A temporary folder with the tree's files.
  package func folder(of record: OutputRecord) throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/atelier-tree-" + UUID().uuidString
    folders.append(path)
    try environment.fetch(record)
    try environment.store.trees.materialize(record, at: path)
    return path
  }

  package func remove() {
    for folder in folders { try? FileManager.default.removeItem(atPath: folder) }
    folders = []
  }
}
