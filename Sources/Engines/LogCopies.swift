// What jobs wrote of steps is copied to where this machine keeps its logs.
import Content
import FileTools
import RemoteCache
import RemoteSteps
import StoreFolder

/// The logs of steps that ran elsewhere.
struct LogCopies {
  let store: any JobStore
  /// Where this machine keeps its own.
  let own: StoreLayout

  /// Copies the log of a step, if there is one and it is not here already.
  func copy(_ key: ActionKey) {
    let to = own.log(key)
    guard let from = store.logs?.log(key) else {
      guard let bytes = (try? store.notice(NoticeName.log(key))) ?? nil else { return }
      makeRoom(at: to)
      try? Disk.write(bytes, to: to)
      return
    }
    guard from != to, (try? FileStatus(from, followingLinks: true)) != nil else { return }
    makeRoom(at: to)
    try? Disk.copy(from, to: to, mode: 0o666, masked: true)
  }

  private func makeRoom(at path: String) {
    try? Disk.makeFolders(Disk.parent(of: path))
    try? Disk.remove(path)
  }
}
