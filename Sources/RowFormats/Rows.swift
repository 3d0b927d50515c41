// Rows of features as a request holds them, and the columns that a model takes.

/// Rows of features, one after the other; NaN is a missing value.
package struct Rows: Hashable, Sendable {
  package var values: [Float] = []
  package var count = 0

  package init(values: [Float] = [], count: Int = 0) {
    self.values = values
    self.count = count
  }
}

/// The columns of a model.
package struct Columns: Hashable, Sendable {
  package let count: Int
  /// Their names in order; empty where the model does not say them.
  package let names: [String]

  package init(count: Int, names: [String]) {
    self.count = count
    self.names = names
  }

  /// A column as texts for people name it: `column 3 (emailsOpened)`, counted from 1.
  func name(_ index: Int) -> String {
    let number = "column \(index + 1)"
    guard names.count == count, index < count else { return number }
    let name = names[index].utf8.filter { $0 > 32 && $0 < 127 }
    return name.isEmpty ? number : "\(number) (\(String(decoding: name, as: UTF8.self)))"
  }

  /// The refusal of a row with another count of values.
  func refusal(row: Int, found: Int, atLeast: Bool = false) -> Refusal {
    var text =
      "row \(row): expected \(count) value\(count == 1 ? "" : "s"), found "
      + "\(atLeast ? "more than " : "")\(atLeast ? found - 1 : found)"
    if found < count {
      text += "; the first missing one is \(name(found))"
    } else if found == count + 1, !atLeast {
      text += "; send the features without the label, or say label_size=1 in the Content-Type"
    }
    return .body(text)
  }
}

/// Bytes of a request that are read from the front.
struct Scanner {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }
  var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// Passes a byte if it comes next.
  mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  mutating func skip(while isSkipped: (UInt8) -> Bool) {
    while let byte = current, isSkipped(byte) { position += 1 }
  }

  /// Bytes of the text, without a copy.
  func slice(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[range])
  }
}
