// A run's scratch area on the store's file system. It knows nothing of steps.
import Content
import FileTools

/// `.atelier/work/<run id>/`, swept by the next opening of the store if the run is killed.
package final class Workspace: Sendable {
  /// The absolute path; the file `owner` in it is not to be touched.
  package let path: String
  private let folder: OwnedFolder
  private let trash: Trash

  package init(layout: StoreLayout, run: RunID, trash: Trash) throws {
    folder = try OwnedFolder.make(in: layout.work, name: run.description)
    path = folder.path
    self.trash = trash
  }

  /// Makes and names a fresh folder of the run.
  package func makeFolder(_ name: String) throws -> String {
    let result = path + "/" + name
    guard try Disk.makeFolder(result) else {
      throw FileError.unsuitable(
        path: result, found: "a folder already", expected: "a name not used yet")
    }
    return result
  }

  /// Takes the area away; its files are deleted when the store is closed.
  package func discard() throws { try trash.add(path) }
}
