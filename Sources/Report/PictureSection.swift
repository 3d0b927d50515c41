// The pictures of a run, drawn within the page where they are plain drawings.

struct PictureSection {
  let page: ReportPage

  /// nil for a run without pictures.
  var section: Section? {
    guard !page.pictures.isEmpty || !page.notes.pictures.isEmpty else { return nil }
    let figures = page.pictures.enumerated().map { figure($1, number: $0 + 1) }
    return Section(
      "pictures", "Charts", "<div class=\"figures\">\n\(figures.joined(separator: "\n"))\n</div>",
      notes: page.notes.pictures)
  }

  private func isDrawn(_ title: String, in content: Picture.Content) -> Bool {
    guard case .svg(let text) = content else { return false }
    return text.contains(">\(title)</text>")
  }

  private func figure(_ picture: Picture, number: Int) -> String {
    let label = picture.text.isEmpty ? picture.title : "\(picture.title). \(picture.text)"
    let name = HTMLText.escape(picture.name)
    let body: String
    switch picture.content {
    case .svg(let text):
      do {
        let drawing = try InlineSVG(text, prefix: "p\(number)-", label: label)
        let width = drawing.width.map { "--w:\(HTMLText.coordinate($0))px" } ?? ""
        body = "<div class=\"drawing\" style=\"\(width)\">\(drawing.html)</div>"
      } catch {
        let source = HTMLText.dataURI(Array(text.utf8), mediaType: "image/svg+xml")
        body =
          "<p class=\"note\">Not shown within the page, since \(HTMLText.escape(error.reason)). "
          + "<a download=\"\(name).svg\" href=\"\(source)\">Download the drawing</a> and look at it "
          + "where that is safe; it begins:</p>\n"
          + Scrolling.region(
            "<pre>\(HTMLText.cut(text, to: 400))</pre>", label: "Text of \(picture.title)")
      }
    case .pixels(let bytes, let mediaType):
      body =
        "<img class=\"drawing\" alt=\"\(HTMLText.escape(label))\" "
        + "src=\"\(HTMLText.dataURI(bytes, mediaType: mediaType))\">"
    }
    let specification = picture.specification.map {
      " \u{00B7} <a download=\"\(name).json\" href=\""
        + HTMLText.dataURI($0, mediaType: "application/json")
        + "\">specification<span class=\"hidden\"> of \(HTMLText.escape(picture.title))</span></a>"
    }
    // A drawing that shows its title itself needs it once more for those only who do not see it.
    let heading = isDrawn(picture.title, in: picture.content) ? " class=\"hidden\"" : ""
    return "<figure>\n<h3\(heading)>\(HTMLText.escape(picture.title))</h3>\n\(body)\n"
      + "<figcaption><code>\(name)</code>\(specification ?? "")</figcaption>\n</figure>"
  }
}
