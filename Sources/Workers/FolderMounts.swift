// Read-only mounts that only a step sees: of its inputs, and of trees among them. It lays nothing out.
import CSystem
import Synchronization

/// Mounts in a name space of the step's own.
package enum FolderMounts {
  /// From so many files on a tree is mounted, and not linked file by file.
  package static let manyFiles = 64

  /// Makes a folder read-only for this process and its children, with other folders shown in places
  /// within it, by the path of the place; false where the kernel does not let this user.
  package static func protect(_ folder: String, _ mounts: [String: String]) -> Bool {
    let pairs = mounts.sorted { $0.key < $1.key }
    let texts = (pairs.map(\.value) + pairs.map(\.key)).map { Array($0.utf8CString) }
    // Kept alive by `withUnsafe...` of each; there are as many as inputs that are trees.
    func call(_ rest: ArraySlice<[CChar]>, _ pointers: [UnsafePointer<CChar>?]) -> Bool {
      guard let first = rest.first else {
        let count = pairs.count
        return pointers.withUnsafeBufferPointer { all in
          cs_protect_folder(
            folder, all.baseAddress, all.baseAddress.map { $0 + count }, Int32(count)) == 0
        }
      }
      return first.withUnsafeBufferPointer { call(rest.dropFirst(), pointers + [$0.baseAddress]) }
    }
    return call(texts[...], [])
  }

  /// The one name of every step's folder, which compilers and others write into what they make.
  package static let stepFolder = "/tmp/atelier-step"

  /// After `protect`: shows a step's folder under its one name and works there; false where that
  /// cannot be.
  package static func show(_ folder: String) -> Bool { cs_show_folder(folder, stepFolder) == 0 }

  /// Whether workers that this process starts can mount in a folder; tried once.
  package static func arePossible(in folder: String) -> Bool {
    tried.withLock { known in
      let answer = known ?? (cs_can_mount(folder) == 1)
      known = answer
      return answer
    }
  }

  /// A kernel does not change its mind.
  private static let tried = Mutex<Bool?>(nil)
}
