// The empty folders that steps run in, used again where nothing shows that they were used before.
import CSystem
import FileTools
import LocalStores
import StoreFolder
import Synchronization

/// Hands out folders of a run's area, each with `inputs`, `outputs` and `scratch` in it.
///
/// Making and removing four folders takes longer than a small step, and on ext4 every new file takes
/// longer for some time after many were deleted.
package final class StepFolders: Sendable {
  private let workspace: Workspace
  private let free = Mutex<[Folder]>([])
  private let count = Atomic<UInt64>(0)

  package static let parts = ["inputs", "outputs", "scratch"]

  package struct Folder: Sendable {
    package let path: String
    /// Of the folder and its parts, as they were made; nil where new folders have more to them, such
    /// as a default ACL or a label, and are used once.
    fileprivate let modes: [UInt32]?
  }

  package init(workspace: Workspace) { self.workspace = workspace }

  /// A path for one file, without a folder around it: nothing is at it.
  package func file(_ name: String) -> String {
    "\(workspace.path)/\(count.add(1, ordering: .relaxed).newValue)-\(name)"
  }

  /// A folder whose parts are empty.
  package func take() throws -> Folder {
    if let folder = free.withLock({ $0.popLast() }) { return folder }
    let name = String(UInt64.random(in: .min ... .max), radix: 36)
    let path = try workspace.makeFolder(name) + "/step"
    try Disk.makeFolder(path)
    for part in Self.parts { try Disk.makeFolders("\(path)/\(part)") }
    return Folder(path: path, modes: Self.modes(path))
  }

  /// Keeps a folder for another step if it is just as it was made, else removes it.
  package func giveBack(_ folder: Folder) {
    if let modes = folder.modes, Self.modes(folder.path) == modes {
      free.withLock { $0.append(folder) }
    } else {
      // What cannot be removed is swept with the run's area.
      try? Disk.remove(folder.path)
    }
  }

  /// The modes of a folder and its parts; nil if anything but the empty parts is in it.
  private static func modes(_ path: String) -> [UInt32]? {
    var modes: [UInt32] = []
    for (folder, count) in [(path, parts.count)] + parts.map({ ("\(path)/\($0)", 0) }) {
      var mode: UInt32 = 0
      guard cs_entries(folder, &mode) == count else { return nil }
      modes.append(mode)
    }
    return modes
  }
}

/// The directory of one attempt, made when it is first asked for.
package final class LazyStepDirectory: Sendable {
  private let folders: StepFolders
  private let state = Mutex<Result<StepFolders.Folder, any Error>?>(nil)

  package init(_ folders: StepFolders) { self.folders = folders }

  /// Makes the directory now.
  package func make() throws { _ = try made() }

  /// The directory's path; one that cannot be made is a path at which nothing is, and `check` throws.
  package var path: String { (try? made().path) ?? "/nonexistent" }

  /// Throws if the directory was asked for and could not be made.
  package func check() throws { _ = try state.withLock { $0 }?.get() }

  /// Lets names go out of the inputs' folder.
  package func openInputs() {
    if case .success(let folder) = state.withLock({ $0 }) {
      Disk.unprotect(folder.path + "/inputs")
    }
  }

  /// Takes the inputs away; the folder that held them is as it was made.
  package func emptyInputs() {
    guard case .success(let folder) = state.withLock({ $0 }) else { return }
    let inputs = folder.path + "/inputs"
    for name in (try? Disk.names(in: inputs)) ?? [] { try? Disk.remove("\(inputs)/\(name)") }
  }

  /// Gives the directory back, if there is one.
  package func remove() {
    if case .success(let folder) = state.withLock({ $0 }) { folders.giveBack(folder) }
  }

  private func made() throws -> StepFolders.Folder {
    try state.withLock { state in
      let result = state ?? Result { try folders.take() }
      state = result
      return try result.get()
    }
  }
}
