// Listings of any length. In a soak beyond the million entries at which the first edition gave up.
import AtelierTesting
import Content
import Foundation
import Signing
import Synchronization
import Testing

@testable import AWS
@testable import HTTP
@testable import S3

/// Answers with so many full pages of a listing.
private final class Pages: HTTPTransport {
  private let count: Int
  private let number = Mutex(0)

  init(count: Int) { self.count = count }

  func perform(
    _ request: HTTPRequest, sink: any ResponseSink, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> HTTPAnswer {
    let page = number.withLock { number in
      number += 1
      return number
    }
    // Each page is asked for by the token that the one before gave.
    let token = request.query.first { $0.name == "continuation-token" }?.value
    guard token == (page == 1 ? nil : "t\(page - 1)") else {
      throw TransportFailure(.other, "page \(page) was asked for by \(token ?? "no token")")
    }
    let entries = (0..<1000).map {
      "<Contents><Key>k\(page * 1000 + $0)</Key><Size>1</Size></Contents>"
    }
    let more =
      page < count ? "<NextContinuationToken>t\(page)</NextContinuationToken>" : ""
    let body = Array(
      ("<ListBucketResult><IsTruncated>\(page < count)</IsTruncated>\(more)"
        + entries.joined() + "</ListBucketResult>").utf8)
    let head = HTTPHead(status: 200)
    try sink.begin(head)
    try body.withUnsafeBytes { try sink.take($0) }
    try sink.finish()
    return HTTPAnswer(head: head)
  }
}

@Suite struct LongListingTests {
  @Test("Store 15: a listing may have any number of pages") func manyPages() throws {
    let isSoak = ProcessInfo.processInfo.environment["ATELIER_SOAK"] != nil
    let count = isSoak ? 1010 : 12
    let client = S3Client(
      location: S3Location(bucket: "b", endpoint: ServiceURL(scheme: "http", host: "localhost")),
      region: "r",
      credentials: CredentialProvider(
        FixedCredentials(testCredentials), now: { UnixTime(seconds: 0) }),
      transport: Pages(count: count))
    var listing = client.list()
    var found = 0
    while let page = try listing.nextPage() { found += page.objects.count }
    #expect(found == count * 1000)
  }
}
