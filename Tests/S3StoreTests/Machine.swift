// A machine of a test: a local store with a bucket in memory behind it.
import AtelierTesting
import Content
import Foundation
import LocalStores
import RemoteCache
import S3Store
import Synchronization

final class Machine: Sendable {
  let folder: TemporaryFolder
  let local: LocalStore
  let shared: SharedStore
  private let said = Mutex<[String]>([])

  /// With `at` the store of a machine that was there before.
  init(
    _ bucket: MemoryBucket, mode: SharedStore.Mode = .readWrite, isRequired: Bool = false,
    host: String = "someone@here", leaseTimes: LeaseTimes = LeaseTimes(), at other: Machine? = nil
  ) throws {
    folder = try other?.folder ?? TemporaryFolder()
    local = try LocalStore.open(root: folder("store"), readOnly: false)
    shared = try SharedStore(
      local: local, remote: BucketStore(client: bucket, prefix: "/team/project/"), mode: mode,
      host: host, isRequired: isRequired, leaseTimes: leaseTimes)
    shared.setTalk { [weak self] text in self?.said.withLock { $0.append(text) } }
  }

  var talk: [String] { said.withLock { $0 } }

  /// Makes a result here and uploads it.
  @discardableResult
  func make(_ name: String, _ texts: [String: String]) throws -> ActionResult {
    let result = try result(name, texts.mapValues { try adopt($0) })
    try add(result)
    return result
  }

  func add(_ result: ActionResult) throws {
    try local.actions.store(result)
    try shared.willAdd(result.key)
    shared.add(result.key)
    _ = try shared.drain(isCancelled: { false })
  }

  func adopt(_ text: String) throws -> OutputRecord {
    let path = try folder.write(text, to: "store/.atelier/work/draft-\(UUID().uuidString)")
    return try local.objects.adopt(file: path, mediaType: "text/plain")
  }

  func adoptTree(_ files: [String: String]) throws -> OutputRecord {
    let name = "store/.atelier/work/tree-\(UUID().uuidString)"
    for (path, text) in files { try folder.write(text, to: "\(name)/\(path)") }
    return try local.trees.adoptTree(folder(name), mediaType: "text/plain")
  }

  /// The result of an action that `name` identifies.
  func result(_ name: String, _ outputs: [String: OutputRecord]) throws -> ActionResult {
    let document = try JSONValue.object(["step": .string(name)]).canonicalBytes()
    return ActionResult(
      key: ActionKey(try Digest.of(document)), document: document, outputs: outputs,
      startedAt: Timestamp(milliseconds: 1_763_725_734_123), seconds: 0.125, host: "someone@here")
  }

  func text(_ record: OutputRecord) throws -> String {
    String(decoding: try local.objects.bytes(of: record.digest), as: UTF8.self)
  }
}

func blobKey(_ digest: Digest) -> String {
  "team/project/.atelier/cas/sha256/\(digest.hex.prefix(2))/\(digest.hex)"
}

func actionKey(_ key: ActionKey) -> String {
  "team/project/.atelier/ac/\(key.digest.hex.prefix(2))/\(key.digest.hex).json"
}
