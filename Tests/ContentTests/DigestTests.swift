// The text form of digests, and SHA-256 against the vectors of NIST (FIPS 180-4 examples).
import AtelierTesting
import Content
import Foundation
import Testing

@Suite struct DigestTests {
  private static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  @Test func readsItsOwnTextWithAndWithoutPrefix() throws {
    let digest = try #require(Digest("sha256:" + Self.empty))
    #expect(digest.description == "sha256:" + Self.empty)
    #expect(digest.hex == Self.empty)
    #expect(digest.short == "e3b0c44298fc")
    #expect(Digest(Self.empty) == digest)
    #expect(Digest(bytes: digest.bytes) == digest)
    #expect(digest.bytes.prefix(4) == [0xE3, 0xB0, 0xC4, 0x42])
  }

  @Test(arguments: [
    "", "sha256:", String(empty.dropLast()), empty + "0", "sha256:" + empty + "0",
    empty.uppercased(), "SHA256:" + empty, "sha256:sha256:" + empty, " " + empty,
    String(empty.dropLast()) + "g", "sha512:" + empty, String(empty.dropLast(2)) + "é",
  ])
  func refusesWhatIsNoDigest(_ text: String) {
    #expect(Digest(text) == nil)
  }

  @Test func refusesAWrongCountOfBytes() {
    #expect(Digest(bytes: Array(repeating: 0, count: 31)) == nil)
    #expect(Digest(bytes: Array(repeating: 0, count: 33)) == nil)
  }

  @Test func ordersLikeItsText() throws {
    var generator = SystemRandomNumberGenerator()
    let digests = try (0..<200).map { _ in
      try #require(
        Digest(bytes: (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }))
    }
    #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
  }

  @Test func codesAsItsText() throws {
    let digest = try Digest.of("abc")
    let bytes = try JSONEncoder().encode([digest])
    #expect(String(decoding: bytes, as: UTF8.self) == #"["\#(digest)"]"#)
    #expect(try JSONDecoder().decode([Digest].self, from: bytes) == [digest])
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Digest].self, from: Data(#"["sha256:1"]"#.utf8))
    }
  }
}

@Suite struct SHA256Tests {
  static let vectors: [(text: String, hex: String)] = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
        + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ]

  @Test(arguments: vectors.indices)
  func givesTheVectorsOfNIST(_ index: Int) throws {
    let (text, hex) = Self.vectors[index]
    #expect(try Digest.of(text).hex == hex)
    #expect(try Digest.of(Array(text.utf8)).hex == hex)
    #expect(try Digest.of(text.utf8.lazy.map { $0 }).hex == hex)
    let space = try TemporarySpace()
    let found = try Digest.of(file: space.write("file", text))
    #expect(found.digest.hex == hex)
    #expect(found.size == Int64(text.utf8.count))
  }

  @Test func aHasherTakesPiecesAndStartsAfresh() throws {
    let hasher = try SHA256()
    for piece in ["a", "", "bc"] { Array(piece.utf8).withUnsafeBytes { hasher.update($0) } }
    #expect(try hasher.finish() == Digest.of("abc"))
    #expect(try hasher.finish() == Digest.of(""))
  }

  @Test func filesAreReadBeyondOneBlock() throws {
    let text = String(repeating: "0123456789abcdef", count: 163_841)
    let space = try TemporarySpace()
    let found = try Digest.of(file: space.write("file", text))
    #expect(found.digest == (try Digest.of(text)))
    #expect(found.size == 2_621_456)
  }

  @Test func aFileThatIsNotThereIsNamed() throws {
    let space = try TemporarySpace()
    #expect {
      try Digest.of(file: space.path + "/none")
    } throws: { "\($0)".contains(space.path + "/none") && "\($0)".contains("No such file") }
  }
}
