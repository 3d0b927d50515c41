// HTTP by libcurl. It knows nothing of signatures and retries.
import CCurl
import CSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Times and certificates of the transport.
package struct HTTPSettings: Sendable, Hashable {
  package var connectTimeoutMilliseconds = 10_000
  /// An exchange slower than `stallBytesPerSecond` for so long is given up.
  package var stallSeconds = 60
  package var stallBytesPerSecond = 128
  /// A file of trusted certificates in PEM; nil: the system's.
  package var certificates: String?
  /// The library's file; nil: the system's own.
  package var library: String?

  package init() {}

  /// Those for services of AWS: five seconds to connect, and some without a byte before an answer is
  /// given up.
  package static func service(stallSeconds: Int = 30) -> HTTPSettings {
    var http = HTTPSettings()
    http.connectTimeoutMilliseconds = 5000
    http.stallSeconds = stallSeconds
    return http
  }
}

/// The transport over libcurl, which is opened with the first request.
package struct CurlTransport: HTTPTransport {
  package var settings: HTTPSettings

  package init(_ settings: HTTPSettings = HTTPSettings()) { self.settings = settings }

  /// The trusted certificates of a bundle, for a system that has none where its libcurl looks.
  private static let bundled: String? = cs_bundle().flatMap { root in
    let path = String(cString: root) + "/runtime/ca-certificates.crt"
    let isNeeded = access("/etc/ssl/certs/ca-certificates.crt", R_OK) != 0
    return isNeeded && access(path, R_OK) == 0 ? path : nil
  }

  /// The text of libcurl's version, for display; opens the library.
  package static func version() throws -> String { try CurlLibrary.shared().version }

  package func perform(
    _ request: HTTPRequest, sink: any ResponseSink, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> HTTPAnswer {
    guard !isCancelled() else { throw TransportFailure(.cancelled, "") }
    if let field = request.fields.first(where: {
      $0.value.utf8.contains { $0 == 10 || $0 == 13 || $0 == 0 }
    }) {
      throw TransportFailure(
        .other,
        "the value of the field \(field.name) holds a line end; a variable or a file may "
          + "have one too many")
    }
    let library = try CurlLibrary.shared(at: settings.library)
    let exchange = CurlExchange(sink: sink, isCancelled: isCancelled)
    let result = try withRequest(request, exchange) { try library.perform(&$0) }
    return try exchange.answer(result)
  }

  /// Lends C the strings, the body and the callbacks of a request.
  private func withRequest(
    _ request: HTTPRequest, _ exchange: CurlExchange,
    _ body: (inout cc_request) throws -> cc_result
  ) throws -> cc_result {
    let certificates = settings.certificates ?? Self.bundled
    let strings = CStrings(
      [request.method, request.url, certificates ?? ""]
        + request.fields.map { "\($0.name): \($0.value)" })
    let bytes: [UInt8] = if case .bytes(let bytes) = request.body { bytes } else { [] }
    return try strings.withPointers { pointers in
      try bytes.withUnsafeBytes { buffer in
        guard let method = pointers[0], let url = pointers[1] else {
          throw TransportFailure(.other, "memory is out")
        }
        let wantsLength = ["PUT", "POST"].contains(request.method)
        var raw = cc_request(
          method: method, url: url, fields: pointers.advanced(by: 3),
          ca_file: certificates == nil ? nil : pointers[2],
          has_body: wantsLength || request.body.count > 0 ? 1 : 0, body: buffer.baseAddress,
          body_fd: -1, body_offset: 0, body_size: request.body.count,
          fresh_connection: request.mustNotRepeat ? 1 : 0,
          connect_timeout_ms: settings.connectTimeoutMilliseconds,
          stall_seconds: settings.stallSeconds,
          stall_bytes_per_second: settings.stallBytesPerSecond,
          context: Unmanaged.passUnretained(exchange).toOpaque(),
          header: { context, line, count in
            let buffer = UnsafeRawBufferPointer(start: line, count: count)
            return CurlExchange.from(context)?.header(buffer) == true ? 0 : 1
          },
          receive: { context, bytes, count in
            let buffer = UnsafeRawBufferPointer(start: bytes, count: count)
            return CurlExchange.from(context)?.receive(buffer) == true ? 0 : 1
          },
          cancelled: { context in CurlExchange.from(context)?.isCancelled() == false ? 0 : 1 })
        if case .file(let descriptor, let offset, _) = request.body {
          raw.body = nil
          raw.body_fd = descriptor
          raw.body_offset = offset
        }
        return try body(&raw)
      }
    }
  }
}
