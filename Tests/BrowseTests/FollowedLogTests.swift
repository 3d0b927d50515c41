// A log that somebody writes to, read in pieces of whole characters.
import AtelierTesting
import Testing

@testable import Browsing

@Suite struct FollowedLogTests {
  @Test func itGrowsAndBeginsAnew() throws {
    let folder = try TemporaryFolder()
    var log = FollowedLog(path: folder("log"))
    #expect(log.next() == nil)
    try folder.write("first\n", to: "log")
    #expect(log.next() ?? ("", false) == ("first\n", true))
    #expect(log.next() == nil)
    let euro = Array("\u{20AC}".utf8)
    try TestFiles.write(Array("first\nmore ".utf8) + euro.prefix(2), to: folder("log"))
    let added = log.next()
    #expect(added?.text.hasSuffix("more ") == true, "\(added?.text ?? "none")")
    try TestFiles.write(Array("first\nmore ".utf8) + euro, to: folder("log"))
    #expect(log.next()?.text.hasSuffix("\u{20AC}") == true)
    // A shorter file is another log.
    try TestFiles.write(Array("new".utf8), to: folder("log"))
    #expect(log.next() ?? ("", false) == ("new", true))
  }

  @Test func bytesThatAreNoTextAreShown() throws {
    let folder = try TemporaryFolder()
    try TestFiles.write([0xFF, 0x80, 0x80, 0x80, 0x80], to: folder("log"))
    var log = FollowedLog(path: folder("log"))
    let text = log.next()?.text ?? ""
    #expect(!text.isEmpty && text.allSatisfy { $0 == "\u{FFFD}" })
    #expect(log.next() == nil)
  }
}
