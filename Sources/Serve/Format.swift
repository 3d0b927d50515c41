// The media types of requests and answers, and how predictions are written in each.

/// A form of rows and of predictions.
package enum Format: String, Sendable, CaseIterable {
  case csv = "text/csv"
  case jsonLines = "application/jsonlines"
  case json = "application/json"

  /// The types as texts for people name them.
  static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// The format of a `Content-Type`; parameters such as the charset are passed over.
  init?(mediaType text: some StringProtocol) {
    let name = String(text.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }).lowercased()
    switch name {
    case "application/x-jsonlines", "application/jsonl": self = .jsonLines
    default: self.init(rawValue: name)
    }
  }

  /// The format that an `Accept` asks for; `own` where it takes any, nil where it takes none.
  static func accepted(_ text: String?, own: Format) -> Format? {
    guard let text, !text.allSatisfy({ $0 == " " }) else { return own }
    for choice in text.split(separator: ",") {
      let parts = choice.split(separator: ";").map { part in part.filter { $0 != " " } }
      guard let name = parts.first, !parts.contains(where: { $0 == "q=0" || $0 == "q=0.0" })
      else { continue }
      if let format = Format(mediaType: name) { return format }
      let isOwn = ["*/*", "*", own.rawValue.prefix { $0 != "/" } + "/*"].contains(name)
      if isOwn { return own }
    }
    return nil
  }

  /// Reads the rows of a body.
  func read(_ bytes: UnsafeBufferPointer<UInt8>, _ columns: Columns) throws(Refusal) -> Rows {
    switch self {
    case .csv: try CSVRows.read(bytes, columns)
    case .jsonLines: try JSONRows.readLines(bytes, columns)
    case .json: try JSONRows.readInstances(bytes, columns)
    }
  }

  /// Writes predictions, `width` values a row.
  ///
  /// CSV has a row a line; JSON lines have `{"score":0.5}`, or an array with several values a row;
  /// JSON has the same objects in `{"predictions":[...]}`. Numbers are the shortest texts that give
  /// the same 32-bit float.
  func write(_ predictions: [Float], width: Int) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(predictions.count * 12 + 32)
    if self == .json { out += "{\"predictions\":[".utf8 }
    var start = 0
    while start < predictions.count {
      let row = predictions[start..<start + width]
      if self == .csv {
        Self.write(row, to: &out)
      } else {
        if self == .json, start > 0 { out.append(UInt8(ascii: ",")) }
        out += "{\"score\":".utf8
        if width > 1 { out.append(UInt8(ascii: "[")) }
        Self.write(row, to: &out)
        if width > 1 { out.append(UInt8(ascii: "]")) }
        out.append(UInt8(ascii: "}"))
      }
      if self != .json { out.append(UInt8(ascii: "\n")) }
      start += width
    }
    if self == .json { out += "]}".utf8 }
    return out
  }

  private static func write(_ row: ArraySlice<Float>, to out: inout [UInt8]) {
    for (index, value) in row.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      out += value.description.utf8
    }
  }
}
