// Opens the child's three streams: its ends, and ours.
import CSystem

/// The descriptors of a child to be: which it gets, which we keep, which we close after the start.
struct OpenStreams {
  var child: [Int32] = [-1, -1, -1]
  var ours: [Int32] = [-1, -1, -1]
  private var temporary: [Int32] = []

  /// Opens what the three streams need, or nothing at all.
  init(
    _ executable: String, input: Input, output: Sink, error: Sink
  ) throws(SubprocessError) {
    do {
      try open(input, executable)
      try open(output, at: 1, executable)
      try open(error, at: 2, executable)
    } catch {
      closeAll()
      throw error
    }
  }

  /// Closes the child's ends that only the child needs.
  mutating func closeTemporary() {
    for fd in temporary { cs_close(fd) }
    temporary = []
  }

  /// Closes everything, when no child came to be.
  mutating func closeAll() {
    closeTemporary()
    for fd in ours where fd >= 0 { cs_close(fd) }
    ours = [-1, -1, -1]
  }

  private mutating func open(_ input: Input, _ executable: String) throws(SubprocessError) {
    switch input {
    case .none: break
    case .descriptor(let fd): child[0] = fd
    case .bytes(let bytes):
      let fd = cs_input_file(bytes, bytes.count)
      guard fd >= 0 else { throw .failed("writing the input", executable) }
      child[0] = fd
      temporary.append(fd)
    case .pipe:
      let ends = try pipe(executable)
      (child[0], ours[0]) = (ends[0], ends[1])
      temporary.append(ends[0])
    }
  }

  private mutating func open(
    _ sink: Sink, at index: Int, _ executable: String
  ) throws(SubprocessError) {
    switch sink {
    case .discard: break
    case .descriptor(let fd): child[index] = fd
    case .file(let path):
      let fd = cs_open_write(path, 0, 0o666)
      guard fd >= 0 else { throw .outputFile(path, reason: String(cString: cs_error())) }
      child[index] = fd
      temporary.append(fd)
    case .pipe, .chunks, .lines:
      let ends = try pipe(executable)
      (ours[index], child[index]) = (ends[0], ends[1])
      temporary.append(ends[1])
    }
  }

  private func pipe(_ executable: String) throws(SubprocessError) -> [Int32] {
    var ends: [Int32] = [-1, -1]
    guard cs_pipe(&ends) == 0 else { throw .failed("pipe", executable) }
    return ends
  }
}

extension SubprocessError {
  /// A failed system call, with the text of errno.
  static func failed(_ call: String, _ executable: String) -> SubprocessError {
    .system(call: call, executable: executable, reason: String(cString: cs_error()))
  }
}
