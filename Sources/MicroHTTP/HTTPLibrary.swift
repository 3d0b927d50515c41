// libmicrohttpd, opened on first use. It knows nothing of what is served.
import CMicrohttpd

/// Why no server could be started.
package enum ServerFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// libmicrohttpd is not installed, or is another one.
  case library(reason: String)
  /// The address cannot be listened on.
  case listen(host: String, port: UInt16, reason: String)

  package var description: String {
    switch self {
    case .library(let reason):
      "serving needs libmicrohttpd, which cannot be opened (\(reason)); install it: "
        + HTTPLibrary.advice
    case .listen(let host, let port, let reason):
      "cannot listen on \(host) port \(port): \(reason); choose another one with --port "
        + "(0 takes any that is free), or another address"
    }
  }
}

/// An opened libmicrohttpd.
///
/// SAFETY: the table is immutable, and libmicrohttpd's functions may be called from any thread.
package struct HTTPLibrary: @unchecked Sendable {
  #if os(macOS)
    private static let name = "libmicrohttpd.12.dylib"
    package static let advice = "brew install libmicrohttpd"
  #else
    private static let name = "libmicrohttpd.so.12"
    package static let advice = "apt-get install libmicrohttpd12 (Debian's and Ubuntu's name)"
  #endif

  package let table: OpaquePointer

  /// Opens the library, which stays open for the life of the process.
  package init() throws(ServerFailure) {
    var why = [CChar](repeating: 0, count: 512)
    guard let table = cm_open(Self.name, &why, why.count) else {
      throw .library(reason: Self.text(why))
    }
    self.table = table
  }

  /// The text up to the zero byte.
  package static func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Answers a request with bytes that are copied; 0 where the answer was not taken.
  package func answer(
    _ connection: OpaquePointer, status: UInt32, fields: [String], body: [UInt8]
  ) -> Int32 {
    Self.withCStrings(fields) { fields in
      body.withUnsafeBytes { body in
        cm_answer(table, connection, status, body.baseAddress, body.count, fields)
      }
    }
  }

  /// Lends zero-terminated copies of texts with a nil after the last.
  package static func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
  ) -> Result {
    var bytes: [CChar] = []
    var starts: [Int] = []
    for text in texts {
      starts.append(bytes.count)
      bytes += text.utf8CString
    }
    return bytes.withUnsafeBufferPointer { buffer in
      let pointers = starts.map { start in buffer.baseAddress.map { $0 + start } } + [nil]
      return pointers.withUnsafeBufferPointer { list in
        guard let start = list.baseAddress else { preconditionFailure("it holds the last nil") }
        return body(start)
      }
    }
  }
}
