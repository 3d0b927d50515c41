// libcurl, opened on first use, with its idle handles.
import CCurl
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// An opened libcurl and the handles that are not in use.
///
/// A handle keeps its connections alive. Whoever performs an exchange takes the handle that was
/// given back last, so that as many connections stay open as there are threads at work.
///
/// SAFETY: the table is immutable, and libcurl's functions may be called from any thread as long
/// as no two use one handle; a handle is either in `idle`, behind its lock, or with one caller.
final class CurlLibrary: @unchecked Sendable {
  private let table: OpaquePointer
  private let idle = Mutex<[Handle]>([])

  /// SAFETY: see above; this only lets a pointer into the array behind the lock.
  private struct Handle: @unchecked Sendable { let pointer: UnsafeMutableRawPointer }

  /// The process's one library: it can be initialised once only.
  private static let opened = Mutex<Result<CurlLibrary, TransportFailure>?>(nil)

  /// Opens the library the first time, from a file if one is given.
  static func shared(at path: String? = nil) throws(TransportFailure) -> CurlLibrary {
    try opened.withLock { state in
      if let state { return state }
      let result = open(path.map { [$0] } ?? names)
      state = result
      return result
    }.get()
  }

  #if os(macOS)
    private static let names = ["/usr/lib/libcurl.4.dylib", "libcurl.4.dylib"]
    private static let advice = "install curl"
  #else
    private static let names = ["libcurl.so.4", "libcurl-gnutls.so.4"]
    private static let advice = "install libcurl (Debian: apt-get install libcurl4)"
  #endif

  private static func open(_ names: [String]) -> Result<CurlLibrary, TransportFailure> {
    var reasons: [String] = []
    for name in names {
      var why = [CChar](repeating: 0, count: 512)
      if let table = cc_open(name, &why, why.count) { return .success(CurlLibrary(table: table)) }
      reasons.append(
        String(decoding: why.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
    return .failure(
      TransportFailure(
        .library, "cannot open libcurl (\(reasons.joined(separator: "; "))); \(advice)"))
  }

  private init(table: OpaquePointer) { self.table = table }

  /// Such as `libcurl/7.88.1 OpenSSL/3.0.17`.
  var version: String { String(cString: cc_version(table)) }

  /// Performs one exchange over a handle that was idle, or a new one.
  func perform(_ request: inout cc_request) throws(TransportFailure) -> cc_result {
    let kept = idle.withLock { $0.popLast() }?.pointer
    guard let handle = kept ?? cc_handle_new(table) else {
      throw TransportFailure(.other, "libcurl gave no handle; memory may be out")
    }
    var result = cc_result()
    cc_perform(table, handle, &request, &result)
    idle.withLock { $0.append(Handle(pointer: handle)) }
    return result
  }
}
