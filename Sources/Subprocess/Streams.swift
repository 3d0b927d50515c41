// Where a child's input comes from and where its output goes; knows no child.

/// Where a child's standard input comes from.
public enum Input: Sendable {
  /// An empty input.
  case none
  /// These bytes, as an open nameless file: nothing has to be fed.
  case bytes([UInt8])
  /// A descriptor of ours, which stays open here.
  case descriptor(Int32)
  /// A pipe whose other end is `RunningProcess.input`. Only for `Command.start`.
  case pipe
}

/// Where a child's standard output or error goes.
public enum Sink {
  /// Nowhere.
  case discard
  /// Straight to a descriptor of ours, which stays open here.
  case descriptor(Int32)
  /// Straight to a file, created or emptied.
  case file(String)
  /// To a function, as it comes, called on the thread that runs the command.
  case chunks(([UInt8]) -> Void)
  /// To a function, line by line without the newline; invalid UTF-8 is repaired. A last line
  /// without a newline counts.
  case lines((String) -> Void)
  /// A pipe whose other end is `RunningProcess.output` or `.error`. Only for `Command.start`.
  case pipe
}

/// Cuts chunks of bytes into lines.
struct LineSplitter {
  private var rest: [UInt8] = []

  /// The lines that this chunk completes.
  mutating func feed(_ chunk: [UInt8]) -> [String] {
    var lines: [String] = []
    var start = 0
    while let end = chunk[start...].firstIndex(of: 10) {
      rest += chunk[start..<end]
      lines.append(String(decoding: rest, as: UTF8.self))
      rest.removeAll(keepingCapacity: true)
      start = end + 1
    }
    rest += chunk[start...]
    return lines
  }

  /// The last line, if it had no newline.
  mutating func finish() -> String? {
    defer { rest = [] }
    return rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
  }
}
