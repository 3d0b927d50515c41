// What a local store remembers of one shared store, as small files. It sends no request.
import Content
import FileTools
import LocalStores
import StoreFolder

/// Notes below `.atelier/remote/<id of the shared store>/`; each may be deleted at any time, which
/// costs requests or an upload, never a wrong answer.
package struct RemoteNotes: Sendable {
  package enum Kind: String {
    /// Results that are to be uploaded, by key.
    case pending
    /// Run records that are to be uploaded, by id.
    case records
    /// Results all of whose blobs the shared store was seen to hold, by key.
    case held
    /// Blobs that came down with wrong bytes, by digest: the next upload replaces them.
    case damaged
    /// Results of this machine that lost against others, by key.
    case conflicts
  }

  private let folder: String
  private let temporary: TemporaryFiles
  private let isReadOnly: Bool

  package init(_ store: LocalStore, identity: String) throws {
    let id = try Digest.of(identity).hex.prefix(16)
    folder = "\(store.layout.base)/remote/\(id)"
    temporary = store.temporary
    isReadOnly = store.isReadOnly
  }

  private func path(_ kind: Kind, _ name: String) -> String { "\(folder)/\(kind.rawValue)/\(name)" }

  package func has(_ kind: Kind, _ name: String) -> Bool {
    (try? FileStatus(path(kind, name), followingLinks: false)) != nil
  }

  /// Writes a note; one of that name is replaced.
  package func add(_ kind: Kind, _ name: String, _ bytes: [UInt8] = []) throws {
    guard !isReadOnly else { return }
    let draft = try temporary.next()
    try Disk.write(bytes, to: draft)
    try Disk.move(draft, to: path(kind, name))
  }

  package func remove(_ kind: Kind, _ name: String) {
    if !isReadOnly { try? Disk.remove(path(kind, name)) }
  }

  package func names(_ kind: Kind) throws -> [String] {
    (try Disk.names(in: "\(folder)/\(kind.rawValue)") ?? []).sorted()
  }

  /// Whether there are notes of uploads to any shared store.
  package static func hasPending(root: String) -> Bool {
    let folder = StoreLayout(root: root).remotes
    return ((try? Disk.names(in: folder)) ?? []).contains { id in
      [Kind.pending, .records].contains { kind in
        (try? Disk.names(in: "\(folder)/\(id)/\(kind.rawValue)"))?.isEmpty == false
      }
    }
  }

  // MARK: Abilities

  /// Of the probe: what an older one found is found out again.
  private static let abilitiesVersion: JSONValue = 2

  /// What the endpoint was found to be able to do.
  package var abilities: RemoteAbilities? {
    (try? Disk.readDocument("\(folder)/abilities.json")).flatMap { Self.abilities($0) }
  }

  /// Reads a note of abilities; nil where it is none of this version.
  static func abilities(_ bytes: [UInt8]) -> RemoteAbilities? {
    guard let json = try? JSONValue(parsing: bytes), json["v"] == Self.abilitiesVersion,
      let once = json["createsOnlyOnce"]?.bool, let known = json["replacesOnlyKnown"]?.bool,
      let bare = json["comparesBareTags"]?.bool, let ranges = json["ranges"]?.bool
    else { return nil }
    return RemoteAbilities(
      createsOnlyOnce: once, replacesOnlyKnown: known, comparesBareTags: bare, ranges: ranges)
  }

  package func remember(_ abilities: RemoteAbilities) throws {
    guard !isReadOnly else { return }
    let json: JSONValue = [
      "v": Self.abilitiesVersion, "createsOnlyOnce": .bool(abilities.createsOnlyOnce),
      "replacesOnlyKnown": .bool(abilities.replacesOnlyKnown),
      "comparesBareTags": .bool(abilities.comparesBareTags), "ranges": .bool(abilities.ranges),
    ]
    let draft = try temporary.next()
    try Disk.write(try json.canonicalBytes(), to: draft)
    try Disk.move(draft, to: "\(folder)/abilities.json")
  }
}
