// Names for temporary files of this process on the store's file system. It makes no file itself.
import Synchronization

/// Hands out paths in a folder of this process's own, made when first asked.
final class TemporaryFiles: Sendable {
  private let parent: String
  private let state = Mutex(State())

  private struct State: ~Copyable {
    var folder: OwnedFolder?
    var count = 0
  }

  init(parent: String) { self.parent = parent }

  /// A path at which nothing is.
  func next() throws(StoreError) -> String {
    try state.withLock { state throws(StoreError) in
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
  func close(_ trash: Trash) throws(StoreError) {
    try state.withLock { state throws(StoreError) in
      guard let path = state.folder?.path else { return }
      try trash.take(path)
      state.folder = nil
    }
  }
}
