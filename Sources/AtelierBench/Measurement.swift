// One measurement in a process of its own: a line of JSON, or what was wrong.
import CSystem
import Content

enum Measurement {
  /// Prints what `body` answers, with the seconds that it took and the peak of memory, and exits.
  static func main(_ body: () throws -> [String: JSONValue]) -> Never {
    do {
      let start = cs_monotonic()
      var answer = try body()
      answer["seconds"] = .number(Double(cs_monotonic() - start) / 1e9)
      if let peak = peakBytes() { answer["peakBytes"] = .integer(peak) }
      say(try JSONValue.object(answer).canonicalText(), to: 1)
      cs_exit(0)
    } catch {
      say("atelier-bench: \(error)", to: 2)
      cs_exit(2)
    }
  }

  /// The most memory that this process ever held, as the kernel counts; nil where it has no /proc.
  ///
  /// `getrusage` would count what the parent held before it started this program.
  private static func peakBytes() -> Int64? {
    let descriptor = cs_open_read("/proc/self/status")
    guard descriptor >= 0 else { return nil }
    defer { cs_close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    let count = cs_read(descriptor, &bytes, bytes.count)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int64($0) }.map {
      $0 << 10
    }
  }

  private static func say(_ line: String, to descriptor: Int32) {
    var text = line + "\n"
    text.withUTF8 { _ = cs_write_all(descriptor, $0.baseAddress, $0.count) }
  }
}

/// What a measurement was asked that it cannot do.
struct MeasureError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
