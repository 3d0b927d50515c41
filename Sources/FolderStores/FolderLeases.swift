// Leases as small files of a shared folder: made by a link, taken over by a rename, one of which
// succeeds.
import Content
import FileTools
import RemoteCache

extension FolderStore {
  /// Bytes.
  private static let largestLease = 1 << 16

  private func path(_ key: ActionKey) -> String { "\(layout.base)/leases/\(key.digest.hex)" }

  package func lease(
    _ key: ActionKey, _ wish: RemoteLease, replacing tag: String?, abilities: RemoteAbilities
  ) throws -> LeaseAnswer {
    let path = path(key)
    let bytes = try wish.note()
    let own = try Digest.of(bytes).hex
    func take() throws -> LeaseAnswer {
      try folder.create(path, bytes) ? .ours(tag: own) : .theirs(holder(path))
    }
    guard let tag, let there = try note(path) else { return try take() }
    guard there.tag == tag else { return .theirs(there) }
    if there.holder == wish.holder {
      // Renewed in place: others read the old note or the new one.
      try folder.replace(path, with: bytes)
      return .ours(tag: own)
    }
    // Of all who want to take it over one moves it away.
    let aside = "\(layout.temporary)/\(RandomName.make())"
    do {
      try Disk.move(path, to: aside)
    } catch {
      return .theirs(try holder(path))
    }
    defer { try? Disk.remove(aside) }
    return try take()
  }

  package func endLease(_ key: ActionKey, tag: String, abilities: RemoteAbilities) throws {
    let path = path(key)
    guard try note(path)?.tag == tag else { return }
    try folder.remove(path)
  }

  /// What a job says of itself while it works on a key; nil where nobody holds its lease.
  package func sign(of key: ActionKey) throws -> RemoteLease? { try note(path(key)) }

  private func holder(_ path: String) throws -> RemoteLease {
    try note(path) ?? RemoteLease(holder: "", expires: .max, tag: "")
  }

  private func note(_ path: String) throws -> RemoteLease? {
    try folder.read(path, limit: Self.largestLease)
      .map { RemoteLease(note: $0, tag: try Digest.of($0).hex) }
  }
}
