// AWS's own test cases of signature version 4, in both forms, step by step.
import AtelierTesting
import Content
import Foundation
import Testing

@testable import AWS
@testable import CloudFormation
@testable import HTTP
@testable import S3
@testable import Signing

/// The folder that SIGV4_VECTORS names.
private let named = ProcessInfo.processInfo.environment["SIGV4_VECTORS"]

/// The cases of a folder: its folders that hold a request.
private func cases(in folder: String) -> [String] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return names.sorted().filter {
    FileManager.default.fileExists(atPath: "\(folder)/\($0)/request.txt")
  }
}

/// The folder with the cases: SIGV4_VECTORS, which may be wrong, else beside the checkout; nil: not
/// here.
private let vectors: String? = {
  let beside = ["..", "../..", "../../.."].map {
    TestTools.root + "/\($0)/shared/sigv4-vectors/v4"
  }
  let folders = named.map { [$0, $0 + "/v4"] } ?? beside
  return folders.first { !cases(in: $0).isEmpty } ?? named
}()

private let cases: [String] = vectors.map { cases(in: $0) } ?? []

@Suite(.enabled(if: vectors != nil, "no SigV4 vectors; set SIGV4_VECTORS to their folder"))
struct SigV4VectorTests {
  /// One case, read from its folder.
  private struct Case {
    let folder: String
    let signer: Signer
    let credentials: Credentials
    let time: UnixTime
    let seconds: Int
    let request: SignableRequest

    func text(_ name: String) throws -> String { try TestFiles.text("\(folder)/\(name).txt") }

    init(_ name: String) throws {
      folder = try #require(vectors) + "/" + name
      let context = try JSONValue(parsing: try TestFiles.read(folder + "/context.json"))
      let keys = try #require(context["credentials"])
      credentials = Credentials(
        accessKeyID: try #require(keys["access_key_id"]?.string),
        secretKey: HiddenText(try #require(keys["secret_access_key"]?.string)),
        sessionToken: keys["token"]?.string.map { HiddenText($0) })
      time = try #require(context["timestamp"]?.string.flatMap { UnixTime(iso8601: $0) })
      seconds = Int(try #require(context["expiration_in_seconds"]?.integer))
      signer = Signer(
        region: try #require(context["region"]?.string),
        service: try #require(context["service"]?.string),
        pathRule: .encodedAgain(normalized: context["normalize"]?.bool == true),
        sendsPayloadHash: context["sign_body"]?.bool == true)
      request = try Self.parse(try TestFiles.text(folder + "/request.txt"))
    }

    private static func parse(_ text: String) throws -> SignableRequest {
      var lines = text.components(separatedBy: "\n")
      let words = lines.removeFirst().components(separatedBy: " ")
      let target = words[1..<(words.count - 1)].joined(separator: " ")
      let mark = target.firstIndex(of: "?")
      let query = mark.map { target[target.index(after: $0)...] } ?? ""
      var fields: [HTTPField] = []
      while let line = lines.first, !line.isEmpty {
        lines.removeFirst()
        if line.hasPrefix(" ") {
          fields[fields.count - 1].value += "\n" + line
        } else {
          let colon = try #require(line.firstIndex(of: ":"))
          fields.append(
            HTTPField(String(line[..<colon]), String(line[line.index(after: colon)...])))
        }
      }
      let body = lines.dropFirst().joined(separator: "\n")
      return SignableRequest(
        method: words[0], path: String(target[..<(mark ?? target.endIndex)]),
        query: try query.split(separator: "&").map { item in
          let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
          return QueryItem(
            try #require(pair[0].removingPercentEncoding),
            try #require((pair.count > 1 ? pair[1] : "").removingPercentEncoding))
        },
        fields: fields, payload: .digest(try Digest.of(body)))
    }
  }

  @Test(arguments: cases) func headerForm(_ name: String) throws {
    let test = try Case(name)
    var complete = test.request
    complete.fields += test.signer.addedFields(
      test.request.payload, test.credentials, test.time)
    let signature = try test.signer.sign(complete, test.credentials, test.time)
    #expect(signature.canonicalRequest == (try test.text("header-canonical-request")))
    #expect(signature.stringToSign == (try test.text("header-string-to-sign")))
    #expect(signature.value == (try test.text("header-signature")))
    let fields = try test.signer.fields(
      for: test.request, with: test.credentials, at: test.time)
    let authorization = try #require(fields.last)
    #expect(
      try test.text("header-signed-request").contains("Authorization:\(authorization.value)"))
  }

  @Test(arguments: cases) func queryForm(_ name: String) throws {
    let test = try Case(name)
    var complete = test.request
    complete.query += test.signer.addedItems(
      test.request, test.credentials, test.time, test.seconds)
    let signature = try test.signer.sign(complete, test.credentials, test.time)
    #expect(signature.canonicalRequest == (try test.text("query-canonical-request")))
    #expect(signature.stringToSign == (try test.text("query-string-to-sign")))
    #expect(signature.value == (try test.text("query-signature")))
    let items = try test.signer.query(
      for: test.request, with: test.credentials, at: test.time, seconds: test.seconds)
    #expect(items.last == QueryItem("X-Amz-Signature", signature.value))
  }

  /// All that there are are tried: of those beside the checkout it is known how many they are.
  @Test func thereAreCases() {
    if let named {
      #expect(!cases.isEmpty, "no case below SIGV4_VECTORS=\(named)")
    } else {
      #expect(cases.count == 24)
    }
  }
}

@Suite struct SignerTests {
  private func signed(_ rule: PathRule, _ path: String) throws -> String {
    let signer = Signer(
      region: "us-east-1", service: "s3", pathRule: rule, sendsPayloadHash: true)
    let request = SignableRequest(
      method: "GET", path: path, fields: [HTTPField("Host", "h")],
      payload: .digest(try Digest.of([])))
    return try signer.sign(request, testCredentials, UnixTime(seconds: 0)).canonicalRequest
      .components(separatedBy: "\n")[1]
  }

  @Test func s3EncodesPathsOnceAndOthersTwice() throws {
    let path = "/a//b/../c%20d%2B"
    #expect(try signed(.verbatim, path) == path)
    #expect(try signed(.encodedAgain(normalized: true), path) == "/a/c%2520d%252B")
    #expect(try signed(.encodedAgain(normalized: false), path) == "/a//b/../c%2520d%252B")
  }

  // The worked example of Amazon's "Signature calculations for the authorization header".
  @Test func amazonsExampleOfS3() throws {
    let signer = Signer(
      region: "us-east-1", service: "s3", pathRule: .verbatim, sendsPayloadHash: true)
    let request = SignableRequest(
      method: "GET", path: "/test.txt",
      fields: [
        HTTPField("Host", "examplebucket.s3.amazonaws.com"), HTTPField("Range", "bytes=0-9"),
      ],
      payload: .digest(try Digest.of([])))
    let credentials = Credentials(
      accessKeyID: "AKIAIOSFODNN7EXAMPLE",
      secretKey: HiddenText("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
    let time = try #require(UnixTime(iso8601: "2013-05-24T00:00:00Z"))
    let fields = try signer.fields(for: request, with: credentials, at: time)
    #expect(
      fields.last?.value.hasSuffix(
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41") == true)
  }
}
