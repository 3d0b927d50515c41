// Mutated bytes for the small objects and notes of a shared store: leases and abilities.
import AtelierTesting
import Content
@testable import RemoteSources
import S3
import S3Store
import Testing

@testable import RemoteCache

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
      guard
        case .theirs(let lease) = try store.lease(
          key, wish, replacing: nil, abilities: Self.abilities)
      else { throw BrokenProperty("a lease that is there was replaced") }
      guard !lease.tag.isEmpty else { throw BrokenProperty("it cannot be taken over") }
      return !lease.holder.isEmpty
    }
    #expect(found.accepted > 100 && found.refused > 1000, "\(found)")
  }

  @Test("notes of abilities") func abilityNotes() throws {
    let found = try FuzzBudget("notes of abilities", count: 20_000).run(
      corpus: [
        #"{"comparesBareTags":false,"createsOnlyOnce":true,"ranges":true,"replacesOnlyKnown":true,"v":2}"#
      ].map { Array($0.utf8) },
      words: ["true", "false", "1", "2", "\"v\"", "null"]
    ) { bytes in
      RemoteNotes.abilities(bytes) != nil
    }
    #expect(found.accepted > 100 && found.refused > 1000, "\(found)")
  }

  @Test("notes of sources") func sourceNotes() throws {
    let note: JSONValue = [
      "object": "s3://b/k", "version": "v1", "digest": .string("\(try Digest.of("bytes"))"),
    ]
    let found = try FuzzBudget("notes of sources", count: 20_000).run(
      corpus: [try note.canonicalBytes()], words: ["sha256:", "v2", "\"", "null", " "]
    ) { bytes in
      SourceNotes.digest(bytes, "s3://b/k", "v1") != nil
    }
    #expect(found.accepted > 20 && found.refused > 1000, "\(found)")
  }
}
