// A bucket's notifications with that to EventBridge added.
import AWS
import Testing

@testable import S3

struct NotificationTests {
  private let head = "<?xml version=\"1.0\"?>\n<NotificationConfiguration xmlns=\"http://x/\""

  @Test func whatIsThereStays() throws {
    let queue = "<QueueConfiguration><Id>1</Id></QueueConfiguration>"
    let changed = try #require(
      S3Client.adding(to: "\(head)>\(queue)</NotificationConfiguration>\n"))
    let root = try XMLTree(parsing: Array(changed.utf8))
    #expect(root.first("QueueConfiguration")?.text(of: "Id") == "1")
    #expect(root.first("EventBridgeConfiguration") != nil)
    #expect(changed.hasPrefix(head))
  }

  @Test func anEmptyOneGetsItToo() throws {
    for text in ["\(head)/>", "\(head) />", "\(head)></NotificationConfiguration>"] {
      let changed = try #require(S3Client.adding(to: text))
      let root = try XMLTree(parsing: Array(changed.utf8))
      #expect(root.first("EventBridgeConfiguration") != nil, "\(changed)")
    }
  }

  @Test func whatIsNoConfigurationIsRefused() {
    #expect(S3Client.adding(to: "<Error/>") == nil)
    #expect(S3Client.adding(to: "") == nil)
  }
}
