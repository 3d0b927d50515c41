// Which drawings become a part of a page.
import Testing

@testable import Report

@Suite struct InlineSVGTests {
  private func html(_ text: String) throws -> String {
    try InlineSVG(text, prefix: "p-", label: "a \"label\"").html
  }

  @Test func aPlainDrawingKeepsItsShapesUnderIdsOfItsOwn() throws {
    let html = try html(
      """
      <?xml version="1.0"?><!-- made by a program -->
      <svg xmlns="http://www.w3.org/2000/svg" class="marks" width="200" height="100px" role="graphics-document">
      <defs><clipPath id="c"><rect width="5" height='5'/></clipPath></defs>
      <g clip-path="url(#c)" style="fill: url('#c')" aria-label="x"><use xlink:href="#c"/>
      <text fill="currentColor">a &lt; b &#x26; c</text></g></svg>
      """)
    #expect(
      html.hasPrefix(
        "<svg viewBox=\"0 0 200 100\" role=\"img\" aria-label=\"a &quot;label&quot;\">"))
    #expect(html.contains("<clipPath id=\"p-c\"><rect width=\"5\" height=\"5\"/>"))
    #expect(html.contains("clip-path=\"url(#p-c)\" style=\"fill: url(&#39;#p-c&#39;)\""))
    #expect(html.contains("<use href=\"#p-c\"/>"))
    #expect(html.contains("a &lt; b &amp; c"))
    let size = try InlineSVG("<svg width='7'/>", prefix: "", label: "").width
    #expect(size == 7)
  }

  @Test(arguments: [
    "<svg><script>alert(1)</script></svg>", "<svg onload='alert(1)'/>", "<svg OnLoad='alert(1)'/>",
    "<svg><foreignObject/></svg>", "<svg><a href='https://example.org'/></svg>",
    "<svg><image href='https://example.org/x.png'/></svg>",
    "<svg><image href='data:image/svg+xml;base64,AA'/></svg>",
    "<svg><use href='other.svg#a'/></svg>", "<svg><rect fill='url(https://example.org/x)'/></svg>",
    "<svg><rect fill='URL(  //example.org/x)'/></svg>",
    "<svg><rect style='fill:u\\72l(x)'/></svg>", "<svg><rect style='@import url(#a)'/></svg>",
    "<svg><rect style='background:image-set(\"https://example.org/x\" 1x)'/></svg>",
    "<svg><style>@import 'x'</style></svg>", "<svg><animate attributeName='href'/></svg>",
    "<svg><set attributeName='onload'/></svg>", "<svg><title><rect/></title></svg>",
    "<!DOCTYPE svg [<!ENTITY x 'y'>]><svg>&x;</svg>", "<svg>&x;</svg>", "<svg><![CDATA[x]]></svg>",
    "<?xml-stylesheet href='x'?><svg/>", "<svg><g></svg></g>", "<svg>", "<svg/><svg/>", "<g/>", "",
    "<svg><rect x='1' x='2'/></svg>", "<svg><rect x=1/></svg>", "<svg/><script>alert(1)</script>",
    "<svg a='<b>'/>", "<svg <g/>", "<svg:svg/>", "<svg>&#xD800;</svg>",
  ])
  func whateverCouldActIsRefused(_ text: String) {
    #expect(throws: InlineSVG.Refusal.self) { try html(text) }
  }

  @Test func textAfterTheDrawingIsNoPartOfThePage() throws {
    #expect(try html("<svg/> &lt;script>").hasSuffix("/>"))
  }
}
