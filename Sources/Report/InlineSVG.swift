// Decides whether an SVG may become a part of a page: artifacts may come from anywhere. What it does
// not know it refuses, and it says why; it takes nothing that could act out and keeps the rest.

/// A drawing fit to stand within a page.
struct InlineSVG {
  /// Why a text was refused.
  struct Refusal: Error {
    let reason: String
  }

  /// The element, named for screen readers, without size of its own.
  let html: String
  /// The width that it was drawn for, in pixels; nil where it does not say.
  let width: Double?

  /// Reads a document; throws where it holds anything but shapes, texts and references to itself.
  ///
  /// Ids get `prefix`, since two drawings of one page may use the same ones. Roles of the parts go:
  /// the drawing is one image with one name.
  init(_ text: String, prefix: String, label: String) throws(Refusal) {
    var reader = SVGReader(text)
    var out = ""
    var open: [String] = []
    var width: Double?
    var isRootSeen = false
    while let token = try reader.next() {
      switch token {
      case .text(let text):
        if !open.isEmpty { out += HTMLText.escape(text) }
      case .end(let name):
        guard open.popLast() == name else { throw Refusal(reason: "its elements are not nested") }
        out += "</\(name)>"
      case .start(let name, let attributes, let isEmpty):
        guard Self.elements.contains(name) else {
          throw Refusal(reason: "it holds an element <\(name)>")
        }
        guard open.last != "title", open.last != "desc" else {
          throw Refusal(reason: "it holds elements within a \(open.last ?? "")")
        }
        guard !open.isEmpty || (!isRootSeen && name == "svg") else {
          throw Refusal(reason: "it is no single <svg> element")
        }
        var kept: [SVGReader.Attribute] = []
        for attribute in attributes {
          if let own = try Self.kept(attribute, of: name, prefix: prefix) { kept.append(own) }
        }
        if !isRootSeen { (kept, width) = Self.root(kept, attributes, label: label) }
        isRootSeen = true
        out += "<\(name)" + kept.map { " \($0.name)=\"\(HTMLText.escape($0.value))\"" }.joined()
        out += isEmpty ? "/>" : ">"
        if !isEmpty { open.append(name) }
      }
    }
    guard isRootSeen, open.isEmpty else { throw Refusal(reason: "it is cut off or holds nothing") }
    html = out
    self.width = width
  }

  private static let elements: Set<String> = [
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan",
    "defs", "clipPath", "mask", "linearGradient", "radialGradient", "stop", "title", "desc", "use",
    "symbol", "marker", "pattern", "image",
  ]

  private static func kept(
    _ attribute: SVGReader.Attribute, of element: String, prefix: String
  ) throws(Refusal) -> SVGReader.Attribute? {
    let (name, value) = (attribute.name, attribute.value)
    let lower = name.lowercased()
    if lower.hasPrefix("on") { throw Refusal(reason: "it holds a script (\(name))") }
    if lower.hasPrefix("xmlns") || lower.hasPrefix("aria-")
      || ["role", "tabindex", "class"].contains(lower)
    {
      return nil
    }
    guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || ":-_".contains($0)) })
    else {
      throw Refusal(reason: "it holds an attribute of a strange name")
    }
    switch lower {
    case "id": return (name, prefix + value)
    case "href", "xlink:href":
      if value.hasPrefix("#") { return ("href", "#" + prefix + value.dropFirst()) }
      let isPixels = ["png", "jpeg", "gif"].contains { value.hasPrefix("data:image/\($0);base64,") }
      guard element == "image", isPixels else {
        throw Refusal(reason: "it refers to \(value.prefix(60))")
      }
      return ("href", value)
    default:
      let isDark = ["\\", "@", "/*", "image-set", "src("].contains {
        value.lowercased().contains($0)
      }
      if lower == "style", isDark {
        throw Refusal(reason: "it holds a style that may hide a reference")
      }
      return (name, try references(value, prefix: prefix))
    }
  }

  /// A value whose `url(#id)` carry the prefix; another `url(` leads elsewhere.
  private static func references(_ value: String, prefix: String) throws(Refusal) -> String {
    guard value.lowercased().contains("url(") else { return value }
    var out = ""
    var rest = Substring(value)
    while let at = rest.lowercased().firstRange(of: "url(") {
      let start = rest.lowercased().distance(from: rest.lowercased().startIndex, to: at.lowerBound)
      out += rest.prefix(start) + "url("
      rest = rest.dropFirst(start + 4)
      let quote = rest.first.flatMap { "'\"".contains($0) ? String($0) : nil } ?? ""
      rest = rest.dropFirst(quote.count)
      guard rest.first == "#" else {
        throw Refusal(reason: "it refers to \(rest.prefix { $0 != ")" }.prefix(60))")
      }
      out += "\(quote)#\(prefix)"
      rest = rest.dropFirst()
    }
    return out + rest
  }

  /// The root's attributes: a name, a box to scale, and no size of its own.
  private static func root(
    _ kept: [SVGReader.Attribute], _ all: [SVGReader.Attribute], label: String
  ) -> ([SVGReader.Attribute], Double?) {
    func pixels(_ name: String) -> Double? {
      guard let text = all.first(where: { $0.name == name })?.value else { return nil }
      let value = Double(text.hasSuffix("px") ? String(text.dropLast(2)) : text)
      return value.flatMap { $0.isFinite && $0 > 0 && $0 < 1e6 ? $0 : nil }
    }
    let (width, height) = (pixels("width"), pixels("height"))
    var root = kept.filter { !["width", "height", "id"].contains($0.name) }
    if !root.contains(where: { $0.name == "viewBox" }), let width, let height {
      let size = "\(HTMLText.coordinate(width)) \(HTMLText.coordinate(height))"
      root.append(("viewBox", "0 0 \(size)"))
    }
    return (root + [("role", "img"), ("aria-label", label)], width)
  }
}
