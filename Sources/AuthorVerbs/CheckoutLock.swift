// One change to the checkout's sources at a time. It knows nothing of what is changed.
import CommandLine
import Dispatch
import FileTools
import Project
import Terminal

/// Holds the checkout for one process, however that ends; its folder is where a change is prepared.
struct CheckoutLock: ~Copyable {
  /// The folder of the change: on the disk of the checkout, and unseen by the build.
  static func folder(of root: String) -> String { root + "/.atelier-new" }

  private let folder: String
  private let lock: FileLock

  /// How long another change is waited for, in hundredths of a second.
  private static let patience = 3000

  /// Waits for whoever has the checkout.
  init(root: String, _ output: Console) throws {
    folder = Self.folder(of: root)
    for attempt in 0..<Self.patience {
      // Who ends takes the folder away, so it is made each time.
      try FileSystem.makeFolder(folder)
      if let lock = try FileLock.attempt(folder + "/lock") {
        self.lock = lock
        return
      }
      if attempt == 100 { output.message("waiting for another `atelier new` or `import` to end") }
      _ = DispatchSemaphore(value: 0).wait(timeout: .now() + 0.01)
    }
    throw UsageError(
      "\(root) is being changed by another `atelier new` or `import` for "
        + "\(Self.patience / 100) s; nothing was written. Try again when that has ended")
  }

  /// Takes the folder away, the lock with it: who waits makes another.
  ///
  /// It is renamed first, so that nothing is removed of one that somebody else makes meanwhile.
  consuming func release() {
    let gone = folder + "-done"
    try? Disk.remove(gone)
    if (try? Disk.move(folder, to: gone)) != nil { try? Disk.remove(gone) }
    _ = consume self
  }
}

extension NewCheckout {
  /// Reads the checkout and changes it while no other call does; first clears what a call left that
  /// was killed.
  package static func changing(
    _ root: String, _ context: VerbContext, _ body: (NewCheckout) throws -> Int32
  ) throws -> Int32 {
    // Nothing is written where no checkout is.
    _ = try NewCheckout(root: root)
    let lock = try CheckoutLock(root: root, context.output)
    let result = Result {
      try UnfinishedChange(root: root)?.clear(context.output)
      return try body(NewCheckout(root: root))
    }
    // What could not be cleared now is left for the next call.
    if UnfinishedChange.isNoted(root: root) {
      _ = consume lock
    } else {
      lock.release()
    }
    return try result.get()
  }
}
