// A connection that sends exactly the bytes it is told to, also such as no decent client sends.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An answer as it came.
struct RawAnswer: Sendable {
  let status: Int
  /// Names in lower case.
  let fields: [String: String]
  let body: String
}

/// One connection to a port of this machine.
final class RawClient {
  struct NoConnection: Error {}
  private let descriptor: Int32
  private var received: [UInt8] = []

  init(_ port: UInt16) throws {
    #if os(Linux)
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    // No test waits so long for an answer that comes.
    var limit = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { throw NoConnection() }
  }

  deinit { close(descriptor) }

  /// False when the other side has closed.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { buffer in
        Self.sendQuietly(descriptor, buffer.baseAddress, buffer.count)
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  private static func sendQuietly(
    _ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int
  ) -> Int {
    #if os(Linux)
      Glibc.send(descriptor, bytes, count, Int32(MSG_NOSIGNAL))
    #else
      Darwin.send(descriptor, bytes, count, 0)
    #endif
  }

  /// Whether the other side closes, with or without more bytes before.
  func isClosed() -> Bool {
    while fill() {}
    return true
  }

  /// The next answer; nil when the connection ends first.
  func answer(hasBody: Bool = true) -> RawAnswer? {
    while true {
      guard let end = headEnd() else {
        guard fill() else { return nil }
        continue
      }
      let lines = String(decoding: received[..<end], as: UTF8.self).split(separator: "\r\n")
      let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      var fields: [String: String] = [:]
      for line in lines.dropFirst() {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { continue }
        fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
      }
      received.removeFirst(end + 4)
      // `100 Continue` is no answer yet.
      if status == 100 { continue }
      let count = hasBody ? Int(fields["content-length"] ?? "") ?? 0 : 0
      while received.count < count { if !fill() { return nil } }
      let body = String(decoding: received.prefix(count), as: UTF8.self)
      received.removeFirst(count)
      return RawAnswer(status: status, fields: fields, body: body)
    }
  }

  private func headEnd() -> Int? {
    guard received.count >= 4 else { return nil }
    return (0...received.count - 4).first {
      received[$0] == 13 && received[$0 + 1] == 10 && received[$0 + 2] == 13
        && received[$0 + 3] == 10
    }
  }

  /// False at the end of the connection.
  private func fill() -> Bool {
    var block = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(descriptor, &block, block.count, 0)
    guard count > 0 else { return false }
    received += block[0..<count]
    return true
  }

  /// A whole request, and its answer.
  func ask(
    _ method: String = "POST", _ path: String = "/invocations", fields: [String] = [],
    body: [UInt8] = [], length: Int? = nil
  ) -> RawAnswer? {
    var head = ["\(method) \(path) HTTP/1.1", "Host: here"] + fields
    if method == "POST" { head.append("Content-Length: \(length ?? body.count)") }
    send(Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
    return answer(hasBody: method != "HEAD")
  }
}
