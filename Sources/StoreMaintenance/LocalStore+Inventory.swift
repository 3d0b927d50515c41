// Lists and reads everything in a store's folder. It changes nothing.
import Content
import FileTools
import LocalStores
import Trees

extension LocalStore {
  /// All results, blobs and run records, by the files and not by the index.
  func inventory(_ read: @escaping RunRoots.Reader) throws -> StoreInventory {
    var inventory = StoreInventory()
    // Results first: a blob that comes later is not missed for one that was seen before.
    let keys = try actions.keys()
    let layout = self.layout
    let found = try Parallel.map(keys.count) { index -> (ActionResult?, Timestamp?) in
      let path = layout.action(keys[index])
      let status = try FileStatus(path, followingLinks: true)
      let bytes = try Disk.readDocument(path, atMost: ByteLimit.result) ?? []
      let written = status.map { Timestamp(milliseconds: $0.identity.mtime / 1_000_000) }
      return (ActionResult(fileBytes: bytes, key: keys[index]), written)
    }
    inventory.blobs = try blobs()
    let seen = inventory
    inventory.entries = zip(keys, found).map { key, found in
      seen.entry(key, found.0, written: found.1) { record in
        try? trees.manifest(of: record).entries
      }
    }
    for id in try runs.list() {
      if let roots = try runs.read(id).flatMap({ read(id, $0) }) {
        inventory.runs.append(addingFiles(of: roots))
      } else {
        inventory.unreadableRuns += 1
      }
    }
    return inventory
  }

  /// All blobs with their sizes.
  func blobs() throws -> [Digest: StoreInventory.Blob] {
    let folder = layout.algorithm
    let shards = try Disk.names(in: folder) ?? []
    let lists = try Parallel.map(shards.count, chunk: 8) { index in
      try (Disk.names(in: "\(folder)/\(shards[index])") ?? []).compactMap {
        name -> (Digest, StoreInventory.Blob)? in
        guard let digest = Digest(name), name.hasPrefix(shards[index]),
          let status = try FileStatus("\(folder)/\(shards[index])/\(name)", followingLinks: false),
          status.kind == .file
        else { return nil }
        return (digest, StoreInventory.Blob(size: status.identity.size, written: nil))
      }
    }
    return Dictionary(lists.joined(), uniquingKeysWith: { first, _ in first })
  }

  /// A record does not say which of its uncachedOutputs outputs are trees: the bytes do.
  private func addingFiles(of run: RunRoots) -> RunRoots {
    var uncachedOutputs = run.uncachedOutputs
    for digest in run.uncachedOutputs {
      let record = OutputRecord(digest: digest, size: 0, mediaType: "", kind: .tree)
      guard Self.beginsLikeAManifest(layout.blob(digest)) else { continue }
      uncachedOutputs.formUnion(((try? trees.manifest(of: record))?.entries ?? []).map(\.digest))
    }
    return RunRoots(
      id: run.id, group: run.group, steps: run.steps, uncachedOutputs: uncachedOutputs)
  }
}

extension LocalStore {
  /// Reads the first bytes only: an output may be large.
  private static func beginsLikeAManifest(_ path: String) -> Bool {
    let start = TreeManifest.opening
    return (try? Disk.read(path, first: start.count + 1)).map { head in
      head == Array("[]".utf8) || head.starts(with: start)
    } ?? false
  }
}
