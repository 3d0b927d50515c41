// Ports of this machine for servers that tests start. It starts none.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// TCP ports of 127.0.0.1.
package enum LoopbackPort {
  /// No port could be had.
  package struct NoFreePort: Error {}

  /// A port that nobody listens on at this moment.
  package static func free() throws -> UInt16 {
    let descriptor = opened()
    defer { close(descriptor) }
    return try bound(descriptor)
  }

  /// A port on which connections are taken and questions are left unread, until its descriptor is closed.
  package static func silent() throws -> (port: UInt16, descriptor: Int32) {
    let descriptor = opened()
    do {
      let port = try bound(descriptor)
      guard listen(descriptor, 100) == 0 else { throw NoFreePort() }
      return (port, descriptor)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Whether somebody listens.
  package static func answers(_ port: UInt16) -> Bool {
    let descriptor = opened()
    defer { close(descriptor) }
    return withAddress(port: port) { connect(descriptor, $0, $1) == 0 }
  }

  /// Whether the server on a port was sent bytes that it has not read; false where /proc does not say.
  package static func hasUnread(_ port: UInt16) -> Bool {
    let own = ":" + String(65536 + Int(port), radix: 16, uppercase: true).dropFirst()
    // Number, local and remote address, state (01 is connected), bytes to send:to read.
    return connections().split(separator: "\n").map { $0.split(separator: " ") }.contains {
      fields in
      fields.count > 4 && fields[1].hasSuffix(own) && fields[3] == "01"
        && !fields[4].hasSuffix(":00000000")
    }
  }

  /// The kernel's table of TCP connections; it has no size, so it is read to its end.
  private static func connections() -> String {
    guard let file = fopen("/proc/net/tcp", "re") else { return "" }
    defer { fclose(file) }
    var text: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&piece, 1, piece.count, file), count > 0 {
      text += piece[..<count]
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func opened() -> Int32 {
    #if os(Linux)
      socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      socket(AF_INET, SOCK_STREAM, 0)
    #endif
  }

  /// Binds a socket to a port that nobody has.
  private static func bound(_ descriptor: Int32) throws -> UInt16 {
    let port = withAddress(port: 0) { address, size -> UInt16? in
      var size = size
      guard bind(descriptor, address, size) == 0, getsockname(descriptor, address, &size) == 0
      else { return nil }
      return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        UInt16(bigEndian: $0.pointee.sin_port)
      }
    }
    guard let port else { throw NoFreePort() }
    return port
  }

  private static func withAddress<Answer>(
    port: UInt16, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Answer
  ) -> Answer {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
