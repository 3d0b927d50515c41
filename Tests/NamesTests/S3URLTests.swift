// What a text says of a place in a bucket: the key is kept as it is, since S3 tells each slash apart.
import Names
import Testing

@Suite struct S3URLTests {
  @Test(arguments: [
    ("s3://bucket/key", "bucket", "key"),
    ("s3://bucket/a/b c/ü.csv", "bucket", "a/b c/ü.csv"),
    ("s3://bucket//key", "bucket", "/key"),
    ("s3://bucket/a//b", "bucket", "a//b"),
    ("s3://bucket/prefix/", "bucket", "prefix/"),
    ("s3://bucket/s3://other/key", "bucket", "s3://other/key"),
    // A mark that joins the slash to one character of Swift.
    ("s3://bucket/\u{301}key", "bucket", "\u{301}key"),
  ])
  func anObject(_ text: String, _ bucket: String, _ key: String) throws {
    let url = try S3URL(object: text)
    #expect(url.bucket == bucket)
    #expect(Array(url.key.utf8) == Array(key.utf8))
    #expect(try S3URL(text) == url)
    #expect(url.description == text)
  }

  @Test(arguments: ["s3://bucket", "s3://bucket/"])
  func aWholeBucketIsAPlaceAndNoObject(_ text: String) throws {
    #expect(try S3URL(text) == S3URL(bucket: "bucket", key: ""))
    #expect(throws: NoS3URL.self) { try S3URL(object: text) }
  }

  @Test(arguments: ["s3://", "s3:///", "s3:///x", "s3:////x"])
  func noBucketIsRefusedByName(_ text: String) {
    #expect(S3URL.isMeant(by: text))
    for read in [{ try S3URL($0) }, { try S3URL(object: $0) }] as [(String) throws -> S3URL] {
      let refusal = #expect(throws: NoS3URL.self) { try read(text) }
      #expect(
        refusal?.description == "'\(text)' is no place in a bucket; expected s3://bucket/key")
    }
  }

  @Test(arguments: [
    "", "bucket/key", "/s3://bucket/key", "s3:/bucket/key", "S3://bucket/key", "s3a://bucket/key",
    "https://bucket/key", " s3://bucket/key",
  ])
  func otherTextsAreNotMeant(_ text: String) {
    #expect(!S3URL.isMeant(by: text))
    #expect(throws: NoS3URL.self) { try S3URL(text) }
  }

  @Test func whatLiesBelowHasOneSlashInBetween() throws {
    for text in ["s3://bucket/a/b", "s3://bucket/a/b/"] {
      #expect(try S3URL(text).folder == "a/b/")
      #expect(try S3URL(text).below("x").description == "s3://bucket/a/b/x")
    }
    #expect(try S3URL("s3://bucket").folder == "")
    #expect(try S3URL("s3://bucket").below("x").description == "s3://bucket/x")
    #expect(try S3URL("s3://bucket//").below("x").description == "s3://bucket//x")
  }
}
