// Bytes from the shared store into the local one, when something needs them.
import Content
import FileTools
import LocalStores
import Synchronization

/// Fetches blobs that are not here; safe to use from any thread.
final class BlobFetcher: Sendable {
  private let local: LocalStore
  private let blobs: RemoteBlobs
  private let outage: OutagePolicy
  private let fetching = Monitor<Set<Digest>>([])
  /// Opened when a read-only program needs bytes.
  private let opened = Mutex<LocalStore?>(nil)

  init(local: LocalStore, blobs: RemoteBlobs, outage: OutagePolicy) {
    self.local = local
    self.blobs = blobs
    self.outage = outage
  }

  deinit { try? opened.withLock { $0 }?.close() }

  /// Makes sure that all blobs of an output are here and sound.
  ///
  /// Unless `isWhole`, a tree's manifest will do. Throws `RemoteFailure` for one that cannot be had.
  func fetch(_ record: OutputRecord, isWhole: Bool) throws {
    guard try local.trees.check(record) != .good else { return }
    try fetch([record.blob])
    guard record.kind == .tree, isWhole else { return }
    try fetch(try local.trees.manifest(of: record).entries.map(\.blob))
  }

  /// Makes sure that a blob is here whose size nobody has told.
  func fetch(_ digest: Digest) throws {
    guard try !local.objects.contains(digest) else { return }
    guard let size = try blobs.size(of: digest) else {
      throw RemoteFailure(.missing, "\(digest) is not in \(outage.name)")
    }
    try fetch([SizedDigest(digest: digest, size: size)])
  }

  /// Fetches those that are not here, some at a time.
  private func fetch(_ wanted: [SizedDigest]) throws {
    let absent = try self.absent(of: wanted)
    guard !absent.isEmpty else { return }
    let store = try writable()
    _ = try Parallel.map(absent.count, width: blobs.width, chunk: 1) { index in
      try self.fetch(absent[index], into: store)
    }
  }

  /// Fetches those that are not here as far as they can be had; which were fetched, and which are not
  /// there or came down wrong.
  func fetchAll(
    _ wanted: [SizedDigest]
  ) throws -> (fetched: [SizedDigest], lost: Set<Digest>) {
    let absent = try self.absent(of: wanted)
    let store = try writable()
    let isHere = try Parallel.map(absent.count, width: blobs.width, chunk: 1) {
      [self] index in
      do {
        try fetch(absent[index], into: store)
        return true
      } catch let failure as RemoteFailure
        where failure.kind == .missing || failure.kind == .damaged
      {
        return false
      }
    }
    let answers = zip(absent, isHere)
    return (answers.filter(\.1).map(\.0), Set(answers.filter { !$0.1 }.map(\.0.digest)))
  }

  private func absent(of wanted: [SizedDigest]) throws -> [SizedDigest] {
    var seen: Set<Digest> = []
    return try wanted.filter {
      try seen.insert($0.digest).inserted && !local.objects.contains($0.digest)
    }
  }

  /// Fetches one blob; a second thread that wants it waits.
  private func fetch(_ blob: SizedDigest, into store: LocalStore) throws {
    fetching.wait { fetching, _ -> Void? in
      fetching.insert(blob.digest).inserted ? () : nil
    }
    defer { fetching.withLock { _ = $0.remove(blob.digest) } }
    if try store.objects.contains(blob.digest) { return }
    do {
      try download(blob, into: store)
    } catch let failure as RemoteFailure where failure.kind == .damaged {
      // The way here may be at fault: once more.
      do {
        try download(blob, into: store)
      } catch let failure as RemoteFailure where failure.kind == .damaged {
        blobs.noteDamage(blob.digest)
        outage.say("\(outage.name) has wrong bytes, they are not used: \(failure)")
        throw failure
      }
    } catch let failure as RemoteFailure {
      switch failure.kind {
      case .missing: blobs.noteDamage(blob.digest)
      case .cancelled: break
      default: blobs.noteLoss(blob.digest)
      }
      throw failure
    }
  }

  private func download(_ blob: SizedDigest, into store: LocalStore) throws {
    try store.objects.adopt(blob) { path in try blobs.get(blob, file: path) }
  }

  /// The store that bytes go to; a program that only reads opens it again for writing.
  private func writable() throws -> LocalStore {
    guard local.isReadOnly else { return local }
    return try opened.withLock { opened in
      let store = try opened ?? LocalStore.open(root: local.layout.root, readOnly: false)
      opened = store
      return store
    }
  }
}
