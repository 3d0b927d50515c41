// Mutated bytes for the small objects and notes of a shared store: leases and abilities.
import AtelierTesting
import Content
import Foundation
import LocalStores
import RemoteCache
import S3
import S3Store
import Testing

@Suite struct NoteFuzzTests {
  private static let abilities = RemoteAbilities(
    createsOnlyOnce: true, replacesOnlyKnown: true, ranges: true)

  @Test("leases") func leases() throws {
    let bucket = MemoryBucket()
    let store = BucketStore(client: bucket, prefix: "p")
    let key = ActionKey(try Digest.of("key"))
    let path = "p/.atelier/leases/\(key.digest.hex)"
    let wish = RemoteLease(holder: "me", expires: 1, tag: "")
    let found = try FuzzBudget("leases", count: 20_000).run(
      corpus: [
        #"{"expires":1763725734123,"holder":"someone@there 0123456789ab"}"#,
        #"{"expires":9223372036854775807,"holder":""}"#, "",
      ].map { Array($0.utf8) },
      words: ["-9223372036854775808", "1e999", "null", "\"", "{", "[[[["]
    ) { bytes in
      bucket.overwrite(path, bytes)
      guard case .theirs(let lease) = try store.lease(
        key, wish, replacing: nil, abilities: Self.abilities)
      else { throw BrokenProperty("a lease that is there was replaced") }
      guard !lease.tag.isEmpty else { throw BrokenProperty("it cannot be taken over") }
      return !lease.holder.isEmpty
    }
    #expect(found.accepted > 100 && found.refused > 1000, "\(found)")
  }

  @Test("notes of abilities") func abilityNotes() throws {
    let folder = try TemporaryFolder()
    let local = try LocalStore.open(root: folder("store"), readOnly: false)
    let notes = try RemoteNotes(local, identity: "bucket")
    try notes.remember(Self.abilities)
    let root = folder("store/.atelier/remote")
    let name = try #require(TestFiles.list(root).first { $0.hasSuffix("abilities.json") })
    let first = try TestFiles.read("\(root)/\(name)")
    let found = try FuzzBudget("notes of abilities", count: 20_000).run(
      corpus: [first], words: ["true", "false", "1", "2", "\"v\"", "null"]
    ) { bytes in
      try Data(bytes).write(to: URL(fileURLWithPath: "\(root)/\(name)"))
      return notes.abilities != nil
    }
    #expect(found.accepted > 100 && found.refused > 1000, "\(found)")
  }

  @Test("notes of sources") func sourceNotes() throws {
    let folder = try TemporaryFolder()
    let local = try LocalStore.open(root: folder("store"), readOnly: false)
    let notes = SourceNotes(local)
    let digest = try Digest.of("bytes")
    try notes.add("s3://b/k", "v1", digest)
    let root = folder("store/.atelier/sources")
    let name = try #require(TestFiles.list(root).first)
    let first = try TestFiles.read("\(root)/\(name)")
    let found = try FuzzBudget("notes of sources", count: 20_000).run(
      corpus: [first], words: ["sha256:", "v2", "\"", "null"]
    ) { bytes in
      try Data(bytes).write(to: URL(fileURLWithPath: "\(root)/\(name)"))
      return notes.digest("s3://b/k", "v1") != nil
    }
    #expect(found.accepted > 100 && found.refused > 1000, "\(found)")
  }
}
