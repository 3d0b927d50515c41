// Mutated texts for each reader of this layer: shared files, credential documents, listings, times.
import AtelierTesting
import Content
import Foundation
import Signing
import Testing

@testable import AWS
@testable import HTTP
@testable import S3

@Suite struct ReaderFuzzTests {
  @Test("shared files") func profileFiles() throws {
    let found = try FuzzBudget("AWS profile files", count: 20_000).run(
      corpus: [
        "[default]\naws_access_key_id = A\naws_secret_access_key: b=c\n",
        "[profile x]\r\ns3 =\r\n  addressing_style = path\r\n# note\r\nregion=r\r\n",
        "[ profile 'y z' ]\nrole_arn = arn:aws:iam::1:role/x\n", "",
      ].map { Array($0.utf8) },
      words: [
        "[", "]", "=", ":", "\r\n", "\n ", "\t", "#", "profile ", "s3.", "\u{2028}", "\u{301}",
      ]
    ) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      do {
        let file = try ProfileFile(path: "file", text: text)
        let ended = try ProfileFile(
          path: "file", text: TextLines.of(text).joined(separator: "\r\n"))
        guard file == ended else { throw BrokenProperty("other line ends, another reading") }
        return true
      } catch let error as CredentialError {
        guard "\(error)".utf8.count < 500 else { throw BrokenProperty("a message without end") }
        return false
      }
    }
    #expect(found.accepted > 500 && found.refused > 500, "\(found)")
  }

  @Test("documents with credentials") func documents() throws {
    let found = try FuzzBudget("credential documents", count: 20_000).run(
      corpus: [
        #"{"AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"2026-01-31T12:00:00Z"}"#,
        #"{"AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"2026-01-31T12:00:00+02:00"}"#,
      ].map { Array($0.utf8) },
      words: ["null", "\"", "9999999999999999999", "-", "+99:99", ".999999999", "Z", "{}", "[]"]
    ) { bytes in
      guard let credentials = MetadataDocument.credentials(bytes) else { return false }
      guard credentials.expiration != nil else { throw BrokenProperty("no end") }
      return true
    }
    #expect(found.accepted > 100 && found.refused > 1000, "\(found)")
  }

  @Test("listings") func listings() throws {
    let location = S3Location(bucket: "b", endpoint: ServiceURL(scheme: "http", host: "localhost"))
    let provider = CredentialProvider(
      FixedCredentials(testCredentials), now: { UnixTime(seconds: 0) })
    let found = try FuzzBudget("listings", count: 20_000).run(
      corpus: [
        """
        <ListBucketResult><EncodingType>url</EncodingType><Contents><Key>p/a%2Fb</Key><Size>12</Size>
        <LastModified>2026-01-31T12:00:00.000Z</LastModified><ETag>"x"</ETag></Contents>
        <CommonPrefixes><Prefix>p/c/</Prefix></CommonPrefixes><IsTruncated>false</IsTruncated>
        </ListBucketResult>
        """,
        "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t"
          + "</NextContinuationToken></ListBucketResult>",
      ].map { Array($0.utf8) },
      words: [
        "true", "false", "True", "<Size>", "-1", "9223372036854775808", "%", "%FF", "p/",
        "<NextContinuationToken>", "</NextContinuationToken>", "<IsTruncated>",
      ]
    ) { bytes in
      let transport = ScriptedTransport([
        .answer(200, body: String(decoding: bytes, as: UTF8.self))
      ])
      let client = S3Client(
        location: location, region: "r", credentials: provider, transport: transport)
      var listing = client.list(prefix: "p/")
      do {
        guard let page = try listing.nextPage() else { throw BrokenProperty("no page") }
        guard page.objects.allSatisfy({ $0.key.utf8.starts(with: "p/".utf8) }) else {
          throw BrokenProperty("a key from elsewhere")
        }
        guard page.objects.allSatisfy({ $0.size >= 0 }) else {
          throw BrokenProperty("a negative size")
        }
        return true
      } catch let error as S3Error {
        guard "\(error)".utf8.count < 1000 else { throw BrokenProperty("a message without end") }
        return false
      }
    }
    #expect(found.accepted > 100 && found.refused > 1000, "\(found)")
  }

  @Test("times") func times() throws {
    let found = try FuzzBudget("times", count: 20_000).run(
      corpus: [
        "2026-01-31T12:00:00.123Z", "2026-01-31T12:00:00+02:00",
        "Sat, 31 Jan 2026 12:00:00 GMT",
      ].map { Array($0.utf8) },
      words: ["9999999999", "-", "+", ":", "99", "00", "Feb", "Z", "."]
    ) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      let read = UnixTime(iso8601: text) ?? UnixTime(httpDate: text)
      // A time is added to and multiplied later.
      guard let read else { return false }
      guard abs(read.seconds) < 1 << 50 else { throw BrokenProperty("\(read.seconds)") }
      return true
    }
    #expect(found.accepted > 100 && found.refused > 1000, "\(found)")
  }
}
