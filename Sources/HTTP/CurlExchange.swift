// What libcurl tells of one exchange while it runs, and what that amounts to.
import CCurl

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The Swift side of libcurl's callbacks; it lives for one exchange, on one thread.
final class CurlExchange {
  private static let errorBodyLimit = 1 << 20
  /// Bytes of all header lines of an exchange; S3 sends less than 10,000.
  private static let headLimit = 1 << 18

  private let sink: any ResponseSink
  let isCancelled: () -> Bool
  private var head = HTTPHead(status: 0)
  private var begun = false
  private var headCount = 0
  private var errorBody: [UInt8] = []
  /// Whether more of a refusal came than anybody wants to read.
  private var refusalIsLong = false
  /// What the sink threw.
  private var thrown: (any Error)?

  init(sink: any ResponseSink, isCancelled: @escaping () -> Bool) {
    self.sink = sink
    self.isCancelled = isCancelled
  }

  static func from(_ context: UnsafeMutableRawPointer?) -> CurlExchange? {
    context.map { Unmanaged<CurlExchange>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Takes a header line; a status line (also that after a `100 Continue`) begins afresh.
  ///
  /// False ends the exchange.
  func header(_ bytes: UnsafeRawBufferPointer) -> Bool {
    headCount += bytes.count
    guard headCount <= Self.headLimit else {
      thrown = EndlessHead()
      return false
    }
    var line = String(decoding: bytes, as: UTF8.self)[...]
    while let last = line.last, last.isNewline || last == " " { line.removeLast() }
    if line.hasPrefix("HTTP/") {
      let words = line.split(separator: " ", maxSplits: 2)
      head = HTTPHead(status: words.count > 1 ? Int(words[1]) ?? 0 : 0)
    } else if let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      head.fields.append(HTTPField(String(line[..<colon]), String(value)))
    }
    return true
  }

  /// Takes bytes of the body; false ends the exchange.
  func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard head.succeeded else {
      errorBody += bytes.prefix(Self.errorBodyLimit - errorBody.count)
      refusalIsLong = errorBody.count >= Self.errorBodyLimit
      return !refusalIsLong
    }
    return ask {
      try begin()
      try sink.take(bytes)
    }
  }

  private func begin() throws {
    guard !begun else { return }
    begun = true
    try sink.begin(head)
  }

  private func ask(_ body: () throws -> Void) -> Bool {
    guard thrown == nil else { return false }
    do {
      try body()
      return true
    } catch {
      thrown = error
      return false
    }
  }

  /// The answer, or why there is none.
  func answer(_ result: cc_result) throws -> HTTPAnswer {
    if let thrown { throw thrown }
    guard result.code == 0 || refusalIsLong else { throw failure(result) }
    if head.succeeded {
      try begin()
      try sink.finish()
    }
    return HTTPAnswer(head: head, errorBody: errorBody)
  }

  private func failure(_ result: cc_result) -> TransportFailure {
    var result = result
    let text = withUnsafeBytes(of: &result.text) { raw in
      String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
    }
    if result.body_error != 0 {
      let reason =
        result.body_error < 0
        ? "it is shorter than at the start; something changed it"
        : String(cString: strerror(result.body_error))
      return TransportFailure(.bodyUnreadable, "cannot read the file to send: \(reason)")
    }
    let message = text.isEmpty ? "libcurl's error \(result.code)" : "curl \(result.code): \(text)"
    return TransportFailure(Self.kind(result.code), message)
  }

  /// What a code of libcurl (CURLE_...) means to us.
  private static func kind(_ code: Int32) -> TransportFailure.Kind {
    switch code {
    case 5, 6: .resolve
    case 7: .connect
    case 18: .truncated
    case 28: .timeout
    case 42: .cancelled
    case 35, 52, 55, 56: .reset
    case 51, 53, 54, 58, 59, 60, 66, 77, 80, 82, 83, 90, 91: .tls
    default: .other
    }
  }
}
