// The small languages: percent encoding, dates, URLs, XML.
import Testing

@testable import AWS
@testable import CloudFormation
@testable import HTTP
@testable import S3

@Suite struct TextTests {
  @Test func everythingButTheUnreservedIsEncoded() {
    #expect(PercentEncoding.encode("aZ09-._~") == "aZ09-._~")
    #expect(PercentEncoding.encode("a b+c=ü/?#") == "a%20b%2Bc%3D%C3%BC%2F%3F%23")
    #expect(PercentEncoding.encode("a/b c", keepingSlashes: true) == "a/b%20c")
  }

  @Test(arguments: ["", "a b", "1+1=2", "ünï/日本", "100%", "\u{1}\n", "e\u{301}"])
  func decodingUndoesEncoding(_ text: String) {
    let decoded = PercentEncoding.decodeForm(PercentEncoding.encode(text))
    #expect(decoded.map { Array($0.utf8) } == Array(text.utf8))
  }

  @Test func brokenEscapesAreNoText() {
    #expect(PercentEncoding.decodeForm("a+b") == "a b")
    for text in ["%", "%4", "%zz", "%ff"] { #expect(PercentEncoding.decodeForm(text) == nil) }
  }

  @Test func timesAreReadAndWritten() throws {
    let time = try #require(UnixTime(iso8601: "2015-08-30T12:36:00Z"))
    #expect(time.seconds == 1_440_938_160)
    #expect(time.basic == "20150830T123600Z")
    #expect(UnixTime(iso8601: "2015-08-30T14:36:00.123+02:00") == time)
    #expect(UnixTime(iso8601: "2015-08-30T12:36:00+00:00") == time)
    #expect(UnixTime(httpDate: "Sun, 30 Aug 2015 12:36:00 GMT") == time)
    #expect(UnixTime(iso8601: "2024-02-29T23:59:59Z")?.basic == "20240229T235959Z")
    for text in ["", "soon", "2015-08-30", "2015-13-30T12:36:00Z", "2015-08-30T12:36:00"] {
      #expect(UnixTime(iso8601: text) == nil)
    }
  }

  @Test func urlsOfServices() throws {
    #expect(ServiceURL("http://LocalHost:5000/")?.description == "http://localhost:5000")
    #expect(ServiceURL("https://h:443/a/b/")?.description == "https://h/a/b")
    #expect(ServiceURL("http://[::1]:80")?.authority == "[::1]")
    #expect(ServiceURL("http://[::1]:8080")?.authority == "[::1]:8080")
    for text in [
      "", "h:1", "ftp://h", "http://", "http://u@h", "http://h?x", "http://h:x", "http://:1",
    ] {
      #expect(ServiceURL(text) == nil, "\(text)")
    }
  }

  @Test func addressingOfBuckets() throws {
    let amazon = ServiceURL(scheme: "https", host: "s3.eu-west-1.amazonaws.com")
    let local = try #require(ServiceURL("http://localhost:9000/base"))
    #expect(
      S3Location(bucket: "b", endpoint: amazon).base.description
        == "https://b.s3.eu-west-1.amazonaws.com")
    #expect(S3Location(bucket: "b.c", endpoint: amazon).path("k") == "/b.c/k")
    #expect(S3Location(bucket: "b", endpoint: amazon).path("a b/c") == "/a%20b/c")
    #expect(S3Location(bucket: "b", endpoint: local).path(nil) == "/b")
    let virtual = S3Location(bucket: "b", endpoint: local, addressing: .virtual)
    #expect(virtual.base.description == "http://b.localhost:9000/base")
  }

  @Test func partsGrowSoThatTenThousandSuffice() {
    let options = S3Options()
    for size: Int64 in [1, 100 << 20, 160 << 30, 5 << 40] {
      let part = options.partSize(of: size)
      #expect(part >= 5 << 20 && (size + part - 1) / part <= 10_000)
    }
  }
}

@Suite struct XMLTests {
  private func parse(_ text: String) throws -> XMLTree {
    try XMLTree(parsing: Array(text.utf8))
  }

  @Test func documentsOfServices() throws {
    let root = try parse(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <!-- x --><s3:List xmlns:s3="http://x/"><Key a='1>2'>a&amp;b &#x20AC;&#8364;<![CDATA[<&>]]></Key>
      <Empty/><Empty /><Nested><Key>n</Key></Nested></s3:List >

      """)
    #expect(root.name == "List")
    #expect(root.text(of: "Key") == "a&b €€<&>")
    #expect(root.all("Empty").count == 2)
    #expect(root.first("Nested")?.text(of: "Key") == "n")
  }

  @Test(arguments: [
    "", "text", "<a>", "<a></b>", "<a/><b/>", "<a>&nbsp;</a>", "<a>&#0x;</a>", "<a>&#xD800;</a>",
    "<a b></a>", "<a b=c/>", "<!DOCTYPE a><a/>", "<a><!DOCTYPE b></a>", "<a>&amp</a>", "<a",
    "<a><![CDATA[</a>", "<a>\u{1}<</a>", "<a>&#-5;</a>", "<a b='<'/>", "<a b='1'c='2'/>",
  ])
  func whatIsNoXMLIsRefused(_ text: String) {
    #expect(throws: XMLParseError.self) { try parse(text) }
  }

  @Test func depthIsLimited() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
    }
    #expect(try parse(nested(32)).name == "a")
    #expect(throws: XMLParseError.self) { try parse(nested(33)) }
    #expect(throws: XMLParseError.self) { try parse(nested(1_000_000)) }
  }

  @Test func escapedTextComesBack() throws {
    let text = "a<b>&\"'\u{1}\n€"
    #expect(try parse("<a>\(XMLText.escaped(text))</a>").text == text)
  }
}
