// Writes to the two standard streams: data to stdout, talk to stderr.
import CSystem

enum Console {
  /// Data: what a script reads.
  static func data(_ text: String) { write(text, to: 1) }
  /// Talk: what a person reads, without what would steer a terminal.
  ///
  /// Names and words of others stand in it, also hostile ones; what is longer than anybody reads is
  /// cut.
  static func talk(_ text: String) {
    let start = text.prefix(longest)
    let shown = start.endIndex < text.endIndex ? start + "... (cut)" : start
    let lines = shown.split(separator: "\n", omittingEmptySubsequences: false)
    write(lines.map { DisplayText.clean(String($0)) }.joined(separator: "\n") + "\n", to: 2)
  }
  private static let longest = 20_000
  /// A question, whose answer is typed behind it.
  static func prompt(_ text: String) { write(text, to: 2) }
  /// Bytes of data.
  static func data(_ bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes { cs_write_all(1, $0.baseAddress, $0.count) }
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    // A reader that closed its end (`| head`) is no error of ours.
    text.withUTF8 { _ = cs_write_all(descriptor, $0.baseAddress, $0.count) }
  }
}
