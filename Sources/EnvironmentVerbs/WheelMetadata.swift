// What a wheel says of itself in METADATA, as far as its name and licence. Text in, values out.
import Content

/// The header fields of a wheel's METADATA.
///
/// Core metadata has the form of an email's header: `Name: value` lines up to an empty one, and lines
/// that begin with a space go on with the value before them.
struct WheelMetadata {
  private var fields: [(name: String, value: String)] = []

  init(_ text: String) {
    for line in TextLines.of(text) {
      guard !line.isEmpty else { break }
      if line.hasPrefix(" ") || line.hasPrefix("\t") {
        guard !fields.isEmpty else { continue }
        fields[fields.count - 1].value += "\n" + Self.trimmed(line)
      } else if let colon = line.firstIndex(of: ":") {
        fields.append(
          (line[..<colon].lowercased(), Self.trimmed(line[line.index(after: colon)...])))
      }
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
  }

  private func values(_ name: String) -> [String] {
    fields.filter { $0.name == name && !$0.value.isEmpty && $0.value != "UNKNOWN" }.map(\.value)
  }

  /// The name, as its author writes it.
  var name: String? { values("name").first }

  /// `License-Expression`, else `License`, else the classifiers of licences.
  ///
  /// Some put the whole text of a licence into `License`; then the classifiers are asked first, and the
  /// text's first line counts where there are none.
  var license: String? {
    if let expression = values("license-expression").first { return expression }
    let stated = values("license").first
    if let stated, !stated.contains("\n") { return stated }
    let classes = values("classifier").filter { $0.hasPrefix("License ::") }
      .compactMap { $0.split(separator: ":").last.map { Self.trimmed($0) } }
    if !classes.isEmpty { return classes.joined(separator: ", ") }
    return stated?.split(separator: "\n").first.map(String.init)
  }

  /// A name by which two spellings of it are one: `Scikit_Learn` is `scikit-learn`.
  static func normal(_ name: String) -> String {
    name.split { "-_.".contains($0) }.joined(separator: "-").lowercased()
  }
}
