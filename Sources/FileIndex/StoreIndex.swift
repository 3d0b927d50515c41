// The index of a store: rows that save reading files. It may vanish at any moment; the files of the
// store are the truth, so no failure of the index ever reaches a caller.
import CSQLite
import CSystem
import Content
import FileTools
import Synchronization

/// Remembers digests by file identity, and action results by key.
package final class StoreIndex: Sendable {
  /// An index that breaks or is locked more often is not worth its time: then files only.
  private static let patience = 3

  private let path: String
  private let readOnly: Bool
  private let state = Mutex(State())

  private struct State {
    var database: IndexDatabase?
    var failures = 0
    var ignoresActionRows = false
    var memo: [FileIdentity: PendingRow] = [:]
    var actions: [ActionKey: [UInt8]] = [:]
    var trees: [Digest: PendingTree] = [:]
    /// Counts rows that wait for a flush of the file system.
    var sequence = 0
    var synced = 0
    /// Rows that may be written, and the bytes hashed for them: what a kill would cost.
    var ready = 0
    var readyBytes: Int64 = 0
  }

  private struct PendingRow {
    let row: MemoRow
    /// The sequence number of a flush of the file system that must come first; 0 for none.
    let sequence: Int
  }

  private struct PendingTree {
    let files: [UInt8]
    /// As of a row.
    let sequence: Int
  }

  package init(path: String, readOnly: Bool) {
    self.path = path
    self.readOnly = readOnly
  }

  // MARK: Stat memo

  /// The digest of the file with that identity, if it is known.
  package func digest(of identity: FileIdentity) -> Digest? {
    digestBytes(of: identity).flatMap { Digest(bytes: $0) }
  }

  /// Whether the file with that identity is known to have that digest.
  package func vouches(for digest: Digest, of identity: FileIdentity) -> Bool {
    digestBytes(of: identity) == digest.bytes
  }

  private func digestBytes(of identity: FileIdentity) -> [UInt8]? {
    state.withLock { state in
      if !state.memo.isEmpty, let pending = state.memo[identity] { return pending.row.digest.bytes }
      return attempt(&state) { database throws(SQLiteError) in try database.digest(of: identity) }
        ?? nil
    }
  }

  /// What the identities of a tree's files came to when all were known to be sound.
  package func files(ofTree digest: Digest) -> [UInt8]? {
    state.withLock { state in
      if let pending = state.trees[digest] { return pending.files }
      return attempt(&state) { database throws(SQLiteError) in try database.files(ofTree: digest) }
        ?? nil
    }
  }

  /// Remembers that the files of a tree are sound.
  ///
  /// Written once the file system was flushed, as rows for its files may have to wait for that.
  package func remember(tree digest: Digest, files: [UInt8]) {
    state.withLock { state in
      state.trees[digest] = PendingTree(files: files, sequence: state.sequence)
    }
  }

  /// Remembers a digest.
  ///
  /// A row `afterSync` is written once the file system was flushed: after a power cut it could else
  /// vouch for bytes that never reached the device.
  package func remember(_ row: MemoRow, afterSync: Bool) {
    state.withLock { state in
      if afterSync { state.sequence += 1 }
      add(row, sequence: afterSync ? state.sequence : 0, &state)
    }
  }

  /// Remembers that the bytes which were known under one identity have another one now, since a link
  /// moved it.
  ///
  /// The row waits for a flush of the file system only if that for the bytes themselves does: a power
  /// cut that forgets the link brings back the old identity, which this row does not match.
  package func remember(_ row: MemoRow, movedFrom before: FileIdentity) {
    state.withLock { state in
      let sequence = state.memo[before]?.sequence ?? 0
      add(row, sequence: sequence <= state.synced ? 0 : sequence, &state)
    }
  }

  private func add(_ row: MemoRow, sequence: Int, _ state: inout State) {
    state.memo[row.identity] = PendingRow(row: row, sequence: sequence)
    guard sequence == 0 else { return }
    state.ready += 1
    state.readyBytes += row.identity.size
    // A kill would cost reading so many bytes again.
    if state.ready >= 2048 || state.readyBytes >= 1 << 30 { write(&state) }
  }

  /// To be called before a flush of the file system; hand the answer to `didSync`.
  package func willSync() -> Int { state.withLock { $0.sequence } }

  /// To be called after a flush of the file system.
  package func didSync(_ mark: Int) { state.withLock { $0.synced = max($0.synced, mark) } }

  /// Rows that wait for a flush of the file system.
  package var waitingForSync: Int { state.withLock { max(0, $0.sequence - $0.synced) } }

  // MARK: Action rows

  /// The row bytes of an action's result, if they are known.
  package func action(_ key: ActionKey) -> [UInt8]? {
    state.withLock { state in
      if let pending = state.actions[key] { return pending }
      if state.ignoresActionRows { return nil }
      return attempt(&state) { database throws(SQLiteError) in try database.action(key) } ?? nil
    }
  }

  /// Remembers the row bytes of an action's result.
  package func remember(_ key: ActionKey, result: [UInt8]) {
    state.withLock { state in
      state.actions[key] = result
      if state.actions.count >= 2048 { write(&state) }
    }
  }

  /// Forgets one action.
  package func forget(_ key: ActionKey) {
    state.withLock { state in
      state.actions[key] = nil
      if readOnly { return }
      _ = attempt(&state) { database throws(SQLiteError) in try database.removeAction(key) }
    }
  }

  /// Forgets many actions at once.
  package func forget(_ keys: [ActionKey]) {
    state.withLock { state in
      for key in keys { state.actions[key] = nil }
      if readOnly || keys.isEmpty { return }
      _ = attempt(&state) { database throws(SQLiteError) in try database.removeActions(keys) }
    }
  }

  /// Forgets all actions, as their files are gone.
  package func forgetActions() {
    state.withLock { state in
      state.actions = [:]
      state.ignoresActionRows = readOnly
      guard !readOnly, (try? FileStatus(path, followingLinks: true)) != nil else { return }
      _ = attempt(&state) { database throws(SQLiteError) in try database.removeActions() }
    }
  }

  /// Whether the index can be read from end to end; also where there is none or it is busy.
  ///
  /// A broken one is thrown away unless it is only read.
  package func isSound() -> Bool {
    guard (try? FileStatus(path, followingLinks: true)) != nil else { return true }
    return state.withLock { state in
      do throws(SQLiteError) {
        return try withDatabase(&state) { database throws(SQLiteError) in
          try database.isSound()
        } ?? true
      } catch {
        if error.isBusy || error.isShortage { return true }
        throwAway(&state)
        return false
      }
    }
  }

  private func throwAway(_ state: inout State) {
    state.database = nil
    if readOnly { return }
    for suffix in ["", "-wal", "-shm", "-journal"] { try? Disk.remove(path + suffix) }
  }

  // MARK: Writing

  /// Writes what is pending and may be written.
  package func flush() { state.withLock { write(&$0) } }

  /// Flushes and closes; a later call opens the index again.
  package func close() {
    state.withLock { state in
      write(&state)
      state.database = nil
    }
  }

  private func write(_ state: inout State) {
    guard !readOnly else { return }
    let ready = state.memo.filter { $0.value.sequence <= state.synced }
    let trees = state.trees.filter { $0.value.sequence <= state.synced }
    if ready.isEmpty && state.actions.isEmpty && trees.isEmpty { return }
    let rows = ready.values.map(\.row)
    let actions = state.actions
    let written: Void? = attempt(&state) { database throws(SQLiteError) in
      try database.write(memo: rows, actions: actions, trees: trees.mapValues(\.files))
    }
    // Rows that could not be written stay in memory, but not without end.
    guard written != nil || state.memo.count + actions.count > 100_000 else { return }
    for identity in ready.keys { state.memo[identity] = nil }
    for digest in trees.keys { state.trees[digest] = nil }
    state.actions = [:]
    state.ready = 0
    state.readyBytes = 0
  }

  /// Runs `body` on the open database; nil when there is none, or it is busy or broken.
  ///
  /// A broken index is thrown away and made anew; what only takes time is left out.
  private func attempt<Answer>(
    _ state: inout State, _ body: (inout IndexDatabase) throws(SQLiteError) -> Answer
  ) -> Answer? {
    do throws(SQLiteError) {
      return try withDatabase(&state, body)
    } catch {
      state.failures += 1
      if error.isBusy || error.isShortage {
        if error.isShortage || state.failures > Self.patience { state.database = nil }
        return nil
      }
      throwAway(&state)
      if readOnly { return nil }
    }
    do throws(SQLiteError) {
      return try withDatabase(&state, body)
    } catch {
      state.failures += 1
      state.database = nil
      return nil
    }
  }

  private func withDatabase<Answer>(
    _ state: inout State, _ body: (inout IndexDatabase) throws(SQLiteError) -> Answer
  ) throws(SQLiteError) -> Answer? {
    if state.database == nil {
      guard state.failures <= Self.patience else { return nil }
      state.database = try IndexDatabase(
        path: path, readOnly: readOnly,
        onNetwork: cs_is_network_fs(Disk.parent(of: path)) != 0)
    }
    guard var database = state.database else { return nil }
    state.database = nil
    defer { state.database = database }
    return try body(&database)
  }
}
