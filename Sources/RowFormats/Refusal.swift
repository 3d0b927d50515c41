// A request that is not answered with predictions: its status and what to do about it.

/// Why a request is refused.
///
/// The text goes to the client as it is: one sentence, of printable ASCII.
package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// The HTTP status, 4xx or 5xx.
  package let status: UInt32
  package let description: String
  /// Further fields of the answer, names and values.
  package let fields: [String: String]

  package init(_ status: UInt32, _ description: String, fields: [String: String] = [:]) {
    self.status = status
    self.description = description
    self.fields = fields
  }

  /// 400: the body is not what the model takes.
  static func body(_ description: String) -> Refusal { Refusal(400, description) }

  /// Bytes of a client as they may stand in a text: short, and nothing that steers a terminal.
  package static func shown(_ bytes: some Collection<UInt8>) -> String {
    let limit = 40
    var text = "'"
    for byte in bytes.prefix(limit) {
      switch byte {
      case UInt8(ascii: "'"), UInt8(ascii: "\\"): text += "\\" + String(UnicodeScalar(byte))
      case 0x20..<0x7F: text += String(UnicodeScalar(byte))
      default: text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return text + (bytes.count > limit ? "'..." : "'")
  }
}
