// One more element for a list in a Swift file, where the list is written as `swift format` does.
// Text in, text out.
import Content

/// An element to add to the end of a list.
package struct NewEdit {
  /// The file, below the checkout.
  let path: String
  /// The line that opens the list, without its indentation.
  let list: String
  /// The element, without its comma.
  let element: String

  package init(path: String, list: String, element: String) {
    self.path = path
    self.list = list
    self.element = element
  }

  /// What one would add by hand.
  var shown: String {
    "  \(path), `\(list)`:\n    \(element),"
  }

  /// The file's text with the element; nil unless there is exactly one place for it.
  func applied(to text: String) -> String? {
    var lines = TextLines.of(text).map(String.init)
    let openings = lines.indices.filter { lines[$0].drop { $0 == " " } == list }
    guard openings.count == 1, let opening = openings.first else { return nil }
    let indent = String(lines[opening].prefix { $0 == " " })
    guard let end = lines[opening...].firstIndex(of: indent + "]"), end > opening + 1 else {
      return nil
    }
    let last = lines[end - 1].drop { $0 == " " }
    guard !last.isEmpty, !last.contains("//") else { return nil }
    // The formatter gives a list's only element no comma.
    if !last.hasSuffix(",") { lines[end - 1] += "," }
    lines.insert("\(indent)  \(element),", at: end)
    // The file keeps the line ends that it has.
    return lines.joined(separator: text.contains("\r\n") ? "\r\n" : "\n")
  }
}
