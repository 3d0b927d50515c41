// Where damaged files of a store are kept, so that nobody uses them and somebody can look into them.
import FileTools

/// `.atelier/quarantine`.
package struct Quarantine: Sendable {
  private let folder: String

  package init(_ layout: StoreLayout) { folder = layout.quarantine }

  /// Moves a file of the store here, under a name with a number.
  package func move(_ path: String, as name: String) throws {
    var number = 0
    while try FileStatus("\(folder)/\(name).\(number)", followingLinks: false) != nil {
      number += 1
    }
    try Disk.move(path, to: "\(folder)/\(name).\(number)")
  }
}
