// How the rows of a request are written: the format, and what a Content-Type says besides.

/// A format of rows with the hints that SageMaker's containers know.
package struct RowForm: Hashable, Sendable {
  package let format: Format
  /// `header=present`: the first line of CSV holds names and is passed over.
  package let hasHeader: Bool
  /// `label_size=1`: so many values at the beginning of a line of CSV are labels and are passed over.
  package let labels: Int

  package init(_ format: Format, hasHeader: Bool = false, labels: Int = 0) {
    self.format = format
    self.hasHeader = hasHeader
    self.labels = labels
  }

  /// The form of a `Content-Type`; parameters that say nothing of rows, such as the charset, are passed
  /// over.
  package init(contentType text: String) throws(Refusal) {
    guard let format = Format(mediaType: text) else {
      throw Refusal(
        415,
        "rows of type \(Refusal.shown(Array(text.utf8))) are not taken; send "
          + Format.list(of: Format.allCases))
    }
    var (hasHeader, labels) = (false, 0)
    for parameter in text.split(separator: ";").dropFirst() {
      let sides = parameter.filter { $0 != " " && $0 != "\t" && $0 != "\"" }.lowercased()
        .split(separator: "=", maxSplits: 1)
      guard sides.count == 2 else { continue }
      switch sides[0] {
      case "header":
        guard ["present", "absent"].contains(sides[1]) else {
          throw Refusal(415, "header in the Content-Type is present or absent")
        }
        hasHeader = sides[1] == "present"
      case "label_size":
        guard let count = Int(sides[1]), (0...Self.mostLabels).contains(count) else {
          throw Refusal(
            415, "label_size in the Content-Type is a number from 0 to \(Self.mostLabels)")
        }
        labels = count
      default: continue
      }
    }
    guard format == .csv || (!hasHeader && labels == 0) else {
      throw Refusal(
        415, "header and label_size in the Content-Type are for \(Format.csv.rawValue) alone")
    }
    self.init(format, hasHeader: hasHeader, labels: labels)
  }

  private static let mostLabels = 1000

  /// Reads the rows of a body; a byte order mark in front of them is passed over.
  package func read(
    _ bytes: UnsafeBufferPointer<UInt8>, _ columns: Columns
  ) throws(Refusal) -> Rows {
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    let bytes = hasMark ? UnsafeBufferPointer(rebasing: bytes.dropFirst(3)) : bytes
    return switch format {
    case .csv: try CSVRows.read(bytes, columns, self)
    case .libsvm: try LibSVMRows.read(bytes, columns)
    case .jsonLines: try JSONRows.readLines(bytes, columns)
    case .json: try JSONRows.readInstances(bytes, columns)
    }
  }
}
