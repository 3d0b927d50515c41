// A store in a folder, put together from its parts. It does no work of its own.
import Content
import FileIndex
import FileTools
import StoreFolder

/// All that lies below `<root>/.atelier`.
///
/// Opened for reading only it writes nothing, and an absent root is an empty store. Opened for
/// writing it first takes away what killed runs left. Call `close` at the end of a run.
package final class LocalStore: Sendable {
  package let layout: StoreLayout
  package let isReadOnly: Bool
  /// Blobs.
  package let objects: ContentStore
  /// Outputs as wholes.
  package let trees: TreeStore
  /// Trees laid out for steps.
  package let treeFolders: TreeFolders
  package let actions: ActionCache
  package let runs: RunStore
  package let locks: KeyLocks
  /// Digests of files outside of the store.
  package let memo: StatMemo
  package let index: StoreIndex
  private static let manyRows = 1000
  package let temporary: TemporaryFiles
  private let trash: Trash
  /// nil for a store that is only read.
  private let use: StoreUse?

  private init(layout: StoreLayout, isReadOnly: Bool, use: StoreUse?) {
    self.layout = layout
    self.use = use
    self.isReadOnly = isReadOnly
    index = StoreIndex(path: layout.index, readOnly: isReadOnly)
    temporary = TemporaryFiles(parent: layout.temporary)
    trash = Trash(folder: layout.temporary)
    memo = StatMemo(index: index)
    objects = ContentStore(
      layout: layout, memo: memo, temporary: temporary, isReadOnly: isReadOnly)
    trees = TreeStore(blobs: objects)
    treeFolders = TreeFolders(trees)
    actions = ActionCache(
      layout: layout, index: index, temporary: temporary, isReadOnly: isReadOnly)
    runs = RunStore(layout: layout, temporary: temporary, isReadOnly: isReadOnly)
    locks = KeyLocks(layout: layout)
  }

  /// Opens the store in a folder; for writing the folder is made when it is absent.
  ///
  /// Throws `.notAFolder`, `.layout` and `.notWritable` before anything is written. Opened `alone`
  /// nobody else writes until it is closed (`.busy` where somebody does); who wants to write waits
  /// for that end, after a call of `waiting`.
  package static func open(
    root: String, readOnly: Bool, alone: Bool = false, waiting: () -> Void = {}
  ) throws -> LocalStore {
    let layout = StoreLayout(root: root)
    let opening = StoreOpening(layout: layout)
    try opening.validateLayout()
    var use: StoreUse?
    if !readOnly {
      try opening.validateWriting()
      try opening.makeBase()
      use = try alone ? StoreUse.takeAlone(layout) : StoreUse.share(layout, waiting: waiting)
    }
    let store = LocalStore(layout: layout, isReadOnly: readOnly, use: use)
    // Whoever removed all results wants them made again: the index must not know better.
    let hadActions = try FileStatus(layout.actions, followingLinks: true) != nil
    if !hadActions { store.index.forgetActions() }
    if readOnly { return store }
    try opening.prepare()
    try store.trash.sweep(layout.temporary)
    try store.trash.sweep(layout.work)
    return store
  }

  /// A scratch area for a run.
  package func workspace(run: RunID) throws -> Workspace {
    guard !isReadOnly else { throw StoreError.readOnly(path: layout.root) }
    return try Workspace(layout: layout, run: run, trash: trash)
  }

  /// A queue that commits action results in groups.
  ///
  /// A batch starts when `limit` results wait or one has waited `delay` ms. `sync` stands for the
  /// flush of the store's file system in tests.
  package func commitQueue(
    limit: Int = 256, delay: Int = 200, sync: (@Sendable () throws -> Void)? = nil
  ) -> CommitQueue {
    let root = layout.base
    return CommitQueue(
      actions: actions, limit: limit, delay: delay,
      sync: sync ?? { try Disk.flushFileSystem(root) })
  }

  /// Waits until all that was written so far has reached the device.
  package func flush() throws {
    let mark = index.willSync()
    try Disk.flushFileSystem(layout.base)
    index.didSync(mark)
  }

  /// Writes the index and removes all that was discarded.
  package func close() throws {
    defer { use?.end() }
    // Without the rows each of these files would be read again: that takes longer than the flush.
    if !isReadOnly, index.waitingForSync >= Self.manyRows { try flush() }
    index.close()
    if isReadOnly { return }
    try temporary.close(trash)
    try trash.empty()
  }
}

extension LocalStore {
  /// Runs `body` with a path at which nothing is; what it leaves there is removed.
  package func withTemporaryPath<Answer>(_ body: (String) throws -> Answer) throws -> Answer {
    let path = try temporary.next()
    defer { try? Disk.remove(path) }
    return try body(path)
  }
}
