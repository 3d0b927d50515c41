// A shared store in a folder: whole files, the first of two writers, and machines whose view is old.
import AtelierTesting
import Content
import FileTools
import Foundation
import RemoteCache
import StoreFolder
import Synchronization
import Testing

@testable import FolderStores

@Suite struct FolderStoreTests {
  private let folder: TemporaryFolder
  private let store: FolderStore
  private let abilities = RemoteAbilities(
    createsOnlyOnce: true, replacesOnlyKnown: true, ranges: true)

  init() throws {
    folder = try TemporaryFolder()
    store = FolderStore(root: folder("shared"))
    try FileManager.default.createDirectory(
      atPath: folder("shared"), withIntermediateDirectories: true)
  }

  private func result(_ text: String, host: String = "h") throws -> ActionResult {
    let document = Array(#"{"schema":"x"}"#.utf8)
    let digest = try Digest.of(text)
    return ActionResult(
      key: ActionKey(try Digest.of(document)), document: document,
      outputs: [
        "out": OutputRecord(
          digest: digest, size: Int64(text.utf8.count), mediaType: "text/plain", kind: .file)
      ], startedAt: Timestamp(milliseconds: 0), seconds: 1, host: host)
  }

  @Test func aProbeLeavesNothingAndNamesWhatIsNoFolder() throws {
    #expect(try store.probe() == abilities)
    #expect(TestFiles.list(folder("shared/.atelier/probe")) == [])
    let none = FolderStore(root: folder("nowhere"))
    let failure = #expect(throws: RemoteFailure.self) { _ = try none.probe() }
    #expect(failure?.kind == .unusable)
    #expect("\(failure as Any)".contains("[Atelier] shared"))
  }

  @Test func blobsComeBackWholeOrNotAtAll() throws {
    try folder.write("bytes", to: "file")
    let blob = SizedDigest(digest: try Digest.of("bytes"), size: 5)
    #expect(try store.size(of: blob.digest) == nil)
    try store.put(blob, file: folder("file"))
    #expect(try store.size(of: blob.digest) == 5)
    try store.get(blob, file: folder("back"))
    #expect(try TestFiles.text(folder("back")) == "bytes")
    #expect(try store.bytes(of: blob) == Array("bytes".utf8))
    let path = StoreLayout(root: folder("shared")).blob(blob.digest)
    try Disk.remove(path)
    try TestFiles.write(Array("bytez".utf8), to: path)
    for read in [
      { try store.get(blob, file: folder("damaged")) }, { _ = try store.bytes(of: blob) },
    ] {
      #expect(throws: RemoteFailure.self) { try read() }
      #expect(!FileManager.default.fileExists(atPath: folder("damaged")))
    }
  }

  @Test func theFirstResultCounts() throws {
    #expect(try store.add(result("a"), abilities: abilities) == .added)
    #expect(try store.add(result("a", host: "other"), abilities: abilities) == .same)
    guard case .differs(let theirs) = try store.add(result("b"), abilities: abilities) else {
      Issue.record("the second result was not told of the first")
      return
    }
    #expect(try theirs.outputs == result("a").outputs)
    #expect(try store.lookup(result("a").key)?.host == "h")
    // What is no result gives way.
    let path = StoreLayout(root: folder("shared")).action(try result("a").key)
    try Disk.remove(path)
    try TestFiles.write([0x7B], to: path)
    #expect(try store.lookup(result("a").key) == nil)
    #expect(try store.add(result("b"), abilities: abilities) == .added)
    #expect(try store.lookup(result("a").key)?.outputs == result("b").outputs)
  }

  @Test func ofManyWritersOneIsFirst() throws {
    let added = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 32) { number in
      guard
        let answer = try? store.add(result("\(number)"), abilities: abilities), answer == .added
      else { return }
      added.withLock { $0.append("\(number)") }
    }
    let winners = added.withLock { $0 }
    #expect(winners.count == 1)
    let winner = try #require(winners.first)
    #expect(try store.lookup(result("").key)?.outputs == result(winner).outputs)
    #expect(TestFiles.list(folder("shared/.atelier/tmp")) == [])
  }

  @Test func aLeaseIsOnesUntilItIsTakenOver() throws {
    let key = try result("a").key
    @Sendable func wish(_ holder: String, _ expires: Int64) -> RemoteLease {
      RemoteLease(
        holder: holder, expires: expires, tag: "",
        work: LeasedWork(job: "7_0", node: "n1", progress: 0.5))
    }
    guard
      case .ours(let tag) = try store.lease(
        key, wish("a", 1), replacing: nil, abilities: abilities)
    else {
      Issue.record("a free lease was not given")
      return
    }
    guard
      case .theirs(let held) = try store.lease(
        key, wish("b", 1), replacing: nil, abilities: abilities)
    else {
      Issue.record("a held lease was given")
      return
    }
    #expect(held.holder == "a" && held.tag == tag)
    let sign = try #require(try store.sign(of: key))
    #expect(sign.work == LeasedWork(job: "7_0", node: "n1", progress: 0.5))
    guard
      case .ours(let renewed) = try store.lease(
        key, wish("a", 2), replacing: tag, abilities: abilities)
    else {
      Issue.record("a lease was not renewed")
      return
    }
    // Whoever saw the old one takes over nothing.
    #expect(
      try store.lease(key, wish("b", 3), replacing: tag, abilities: abilities)
        == .theirs(try #require(try store.sign(of: key))))
    let takers = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 16) { number in
      let answer = try? store.lease(
        key, wish("taker \(number)", 3), replacing: renewed, abilities: abilities)
      if case .ours? = answer { takers.withLock { $0 += 1 } }
    }
    #expect(takers.withLock { $0 } == 1)
    try store.endLease(key, tag: renewed, abilities: abilities)
    #expect(try store.sign(of: key) != nil, "somebody else's lease was ended")
  }

  @Test func noticesAreListedAndRead() throws {
    #expect(try store.notices(in: "answers/x") == [])
    try store.write([1], notice: "answers/x/0.json")
    try store.write([2], notice: "answers/x/0.json")
    #expect(try store.notices(in: "answers/x") == ["0.json"])
    #expect(try store.notice("answers/x/0.json") == [2])
    try store.remove(notice: "answers/x/0.json")
    #expect(try store.notice("answers/x/0.json") == nil)
  }

  @Test func everythingIsListedForUpkeep() throws {
    try folder.write("bytes", to: "file")
    let blob = SizedDigest(digest: try Digest.of("bytes"), size: 5)
    try store.put(blob, file: folder("file"))
    _ = try store.add(result("a"), abilities: abilities)
    let all = try store.objects(.everything)
    #expect(all.map(\.kind).contains(.blob(blob.digest)))
    #expect(all.map(\.kind).contains(.result(try result("a").key)))
    let found = try #require(all.first { $0.kind == .blob(blob.digest) })
    try store.moveToQuarantine(found)
    #expect(try store.size(of: blob.digest) == nil)
    #expect(try store.objects(.everything).map(\.kind).contains(.quarantined))
    try store.remove(store.objects(.results))
    #expect(try store.lookup(result("a").key) == nil)
  }
}
