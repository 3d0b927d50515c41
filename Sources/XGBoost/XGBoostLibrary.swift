// The XGBoost library, opened by path on first use. It knows nothing of what is trained.
import CXGBoost

/// An opened XGBoost library.
///
/// Every training and prediction uses one thread: the bytes would be the same with more, but on a
/// busy machine XGBoost's threads wait for each other by spinning. Run several trainings side by
/// side instead. Not Sendable, since the library keeps its last error by thread.
public final class XGBoostLibrary {
  let table: OpaquePointer

  /// Opens the library at an absolute path; throws `XGBoostError.library`.
  public init(path: String) throws {
    var why = [CChar](repeating: 0, count: 1024)
    // An empty path would open the program itself.
    let opened = path.isEmpty ? nil : cxgb_open(path, &why, why.count)
    guard let opened else {
      let text = String(
        decoding: why.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      throw XGBoostError.library(path: path, reason: text.isEmpty ? "no path is given" : text)
    }
    table = opened
    try check("XGBSetGlobalConfig", cxgb_set_global_config(table, #"{"verbosity":0}"#))
  }

  deinit { cxgb_close(table) }

  /// The version, such as `3.2.0`: for display, keys hold the file's digest.
  public var version: String {
    var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
    cxgb_version(table, &major, &minor, &patch)
    return "\(major).\(minor).\(patch)"
  }

  /// Throws the library's last message where a call returned other than 0.
  func check(_ function: String, _ result: Int32) throws {
    guard result != 0 else { return }
    let message = String(cString: cxgb_last_error(table))
    throw XGBoostError.call(function, reason: XGBoostError.cleaned(message))
  }

  /// The handle that a call made.
  func made(_ function: String, _ handle: UnsafeMutableRawPointer?) throws
    -> UnsafeMutableRawPointer
  {
    guard let handle else { throw XGBoostError.call(function, reason: "it made nothing") }
    return handle
  }
}
