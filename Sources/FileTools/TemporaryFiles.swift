// Names for temporary files of this process on the store's file system. It makes no file itself.
import Synchronization

/// Hands out paths in a folder of this process's own, made when first asked.
package final class TemporaryFiles: Sendable {
  private let parent: String
  private let state = Mutex(State())

  private struct State: ~Copyable {
    var folder: OwnedFolder?
    var count = 0
  }

  package init(parent: String) { self.parent = parent }

  /// A path at which nothing is.
  package func next() throws(FileError) -> String {
    try state.withLock { state throws(FileError) in
      let path: String
      if let folder = state.folder?.path {
        path = folder
      } else {
        let folder = try OwnedFolder.make(in: parent, name: RandomName.make())
        path = folder.path
        state.folder = consume folder
      }
      state.count += 1
      return "\(path)/\(state.count)"
    }
  }

  /// Puts the folder into the trash.
  ///
  /// A later call of `next` makes another.
  package func close(_ trash: Trash) throws(FileError) {
    try state.withLock { state throws(FileError) in
      guard let path = state.folder?.path else { return }
      try trash.add(path)
      state.folder = nil
    }
  }
}
