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
        + "(0 takes any that is free) or --host"
    }
  }
}

/// An opened libmicrohttpd.
///
/// SAFETY: the table is immutable, and libmicrohttpd's functions may be called from any thread.
struct HTTPLibrary: @unchecked Sendable {
  #if os(macOS)
    private static let name = "libmicrohttpd.12.dylib"
    static let advice = "brew install libmicrohttpd"
  #else
    private static let name = "libmicrohttpd.so.12"
    static let advice = "apt-get install libmicrohttpd12 (Debian's and Ubuntu's name)"
  #endif

  let table: OpaquePointer

  /// Opens the library, which stays open for the life of the process.
  init() throws(ServerFailure) {
    var why = [CChar](repeating: 0, count: 512)
    guard let table = cm_open(Self.name, &why, why.count) else {
      throw .library(reason: Self.text(why))
    }
    self.table = table
  }

  /// The text up to the zero byte.
  static func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
