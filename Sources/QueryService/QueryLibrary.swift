// libpq, opened on first use. It knows nothing of Query Service.
import CLibpq
import Synchronization

/// An opened libpq.
///
/// SAFETY: the table is immutable, and libpq's functions may be called from any thread as long as no
/// two use one connection; a connection belongs to one `QuerySession`, which is not `Sendable`.
struct QueryLibrary: @unchecked Sendable {
  #if os(macOS)
    private static let names = [
      "libpq.5.dylib", "/opt/homebrew/opt/libpq/lib/libpq.5.dylib",
      "/usr/local/opt/libpq/lib/libpq.5.dylib",
    ]
    private static let advice = "brew install libpq"
  #else
    private static let names = ["libpq.so.5"]
    private static let advice = "apt-get install libpq5 (Debian's and Ubuntu's name)"
  #endif

  let table: OpaquePointer

  private static let opened = Mutex<QueryLibrary?>(nil)

  /// Opens the library the first time, which stays open for the life of the process.
  static func shared() throws(QueryFailure) -> QueryLibrary {
    let result = opened.withLock { state -> Result<QueryLibrary, QueryFailure> in
      if let state { return .success(state) }
      let result = open(names)
      if case .success(let library) = result { state = library }
      return result
    }
    return try result.get()
  }

  /// Opens the first of some files that is there.
  static func open(_ names: [String]) -> Result<QueryLibrary, QueryFailure> {
    var reasons: [String] = []
    for name in names {
      var why = [CChar](repeating: 0, count: 512)
      if let table = cq_open(name, &why, why.count) { return .success(QueryLibrary(table: table)) }
      reasons.append(text(why))
    }
    return .failure(
      QueryFailure(
        .library,
        "queries need libpq, which cannot be opened (\(reasons.joined(separator: "; "))); "
          + "install it: \(advice)"))
  }

  /// Such as 150018 for 15.18.
  var version: Int { Int(cq_version(table)) }

  /// The text up to the zero byte.
  static func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
