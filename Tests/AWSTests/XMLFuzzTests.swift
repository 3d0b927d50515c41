// Mutated XML of services: no crash, no hang, short messages, and what is printed is read again.
import AtelierTesting
import Signing
import Testing

@testable import AWS
@testable import CloudFormation
@testable import HTTP
@testable import S3

@Suite struct XMLFuzzTests {
  private static let corpus = [
    """
    <?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3/"><Name>b</Name>
    <Contents><Key>a%2Fb&amp;&#x41;</Key><Size>12</Size></Contents><!-- c --><IsTruncated>false
    </IsTruncated></ListBucketResult>
    """,
    "<Error><Code>SlowDown</Code><Message><![CDATA[x<y]]></Message></Error>",
    "<ErrorResponse><Error><Code>Throttling</Code></Error><RequestId>r</RequestId></ErrorResponse>",
    "<Response><Errors><Error><Code>DependencyViolation</Code><Message>m</Message></Error></Errors>"
      + "<RequestID>r</RequestID></Response>",
    "<a:b c='d' e=\"f\"/>", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "",
  ]

  @Test func mutatedDocuments() throws {
    let found = try FuzzBudget("XML and error forms", count: 20_000).run(
      corpus: Self.corpus.map { Array($0.utf8) },
      words: [
        "<", ">", "</", "/>", "<a>", "</a>", "&", "&#", "&#x", ";", "&amp;", "&#0;", "<!--", "-->",
        "<![CDATA[", "]]>", "<?", "?>", "=\"", "'", "<!DOCTYPE a [<!ENTITY b \"&b;&b;\">]>",
      ]
    ) { bytes in
      let tree: XMLTree
      do {
        tree = try XMLTree(parsing: bytes)
      } catch {
        guard "\(error)".utf8.count < 1000 else { throw BrokenProperty("a message without end") }
        return false
      }
      guard try XMLTree(parsing: Array(Self.printed(tree).utf8)) == tree else {
        throw BrokenProperty("what was printed reads otherwise")
      }
      let answer = HTTPAnswer(head: HTTPHead(status: 403), errorBody: bytes)
      let fault = ServiceFault(answer, now: UnixTime(seconds: 0))
      guard "\(fault)".count < 1000 else { throw BrokenProperty("a message without end") }
      return true
    }
    #expect(found.accepted > 100 && found.refused > 1000, "\(found)")
  }

  private static func printed(_ tree: XMLTree) -> String {
    "<\(tree.name)>" + XMLText.escaped(tree.text) + tree.children.map(printed).joined()
      + "</\(tree.name)>"
  }

  /// A service may repeat what it was sent; the words of its refusal are for people.
  @Test func aRefusalShowsNoCredentials() {
    let used = Credentials(
      accessKeyID: "AKID", secretKey: HiddenText("canary-key"),
      sessionToken: HiddenText("canary-token"))
    let fault = ServiceFault(
      status: 403, code: "Odd-canary-key",
      message: "you sent x-amz-security-token:canary-token and canary-key",
      requestID: "canary-tokencanary-token")
    let shown = "\(fault.hiding(used))"
    #expect(!shown.contains("canary"))
    #expect(shown.contains("you sent x-amz-security-token:<hidden> and <hidden>"), "\(shown)")
  }
}
