// The media types of requests and answers, and how predictions are written in each.
import XGBoost

/// A form of rows and of predictions.
package enum Format: String, Sendable, CaseIterable {
  case csv = "text/csv"
  case libsvm = "text/libsvm"
  case jsonLines = "application/jsonlines"
  case json = "application/json"

  /// What answers are given in.
  package static let answers: [Format] = [.csv, .jsonLines, .json]

  /// Types as texts for people name them.
  package static func list(of formats: [Format]) -> String {
    formats.map(\.rawValue).joined(separator: ", ")
  }

  /// The format of a media type, also by the short names of SageMaker's containers; parameters are passed
  /// over.
  package init?(mediaType text: some StringProtocol) {
    let name = String(text.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }).lowercased()
    switch name {
    case "csv": self = .csv
    case "libsvm", "text/x-libsvm": self = .libsvm
    case "json": self = .json
    case "jsonlines", "application/x-jsonlines", "application/jsonl": self = .jsonLines
    default: self.init(rawValue: name)
    }
  }

  /// The format that an `Accept` asks for; that of the rows where it takes any, nil where it takes none.
  package static func accepted(_ text: String?, rows: Format) -> Format? {
    let own = rows == .libsvm ? Format.csv : rows
    guard let text, !text.allSatisfy({ $0 == " " }) else { return own }
    for choice in text.split(separator: ",") {
      let parts = choice.split(separator: ";").map { part in part.filter { $0 != " " } }
      guard let name = parts.first, !parts.contains(where: { $0 == "q=0" || $0 == "q=0.0" })
      else { continue }
      if let format = Format(mediaType: name), answers.contains(format) { return format }
      let isOwn = ["*/*", "*", own.rawValue.prefix { $0 != "/" } + "/*"].contains(name)
      if isOwn { return own }
    }
    return nil
  }

  /// Writes predictions, `width` values a row.
  ///
  /// CSV has a row a line; JSON lines have `{"score":0.5}`, or an array with several values a row;
  /// JSON has the same objects in `{"predictions":[...]}`. Numbers are the shortest texts that give
  /// the same 32-bit float.
  package func write(_ predictions: [Float], width: Int) -> [UInt8] {
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
      out += PredictionText.text(value).utf8
    }
  }
}
