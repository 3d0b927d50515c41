// Where tests find the pinned programs: ATELIER_<NAME>, else the checkout's own .tools folder.
import Foundation

/// The programs that tests use.
package enum TestTools {
  /// The root of the checkout.
  package static let root: String = {
    var url = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { url.deleteLastPathComponent() }
    return url.path
  }()

  /// A program of this package that was built beside the tests.
  package static func built(_ name: String) -> String {
    let own = [CommandLine.arguments.first, Bundle.main.executablePath].compactMap { $0 }
    let folders = own.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
    let places = (folders + [root + "/.build/tests/release"]).map { "\($0)/\(name)" }
    return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? places[0]
  }

  /// The path of a program or library by its key name, or nil.
  package static func path(of name: String) -> String? {
    let variable = "ATELIER_" + name.uppercased().replacingOccurrences(of: "-", with: "_")
    if let path = ProcessInfo.processInfo.environment[variable] { return path }
    let lib = root + "/.tools/venv/lib"
    let packages = (try? FileManager.default.contentsOfDirectory(atPath: lib))?
      .first { $0.hasPrefix("python3") }
      .map { "\(lib)/\($0)/site-packages" }
    switch name {
    case "duckdb": return packages.map { "\($0)/duckdb_cli/duckdb" }
    case "xgboost": return packages.map { "\($0)/xgboost/lib/libxgboost.so" }
    case "libgomp":
      return packages.map { "\($0)/xgboost_cpu.libs" }.flatMap { folder in
        (try? FileManager.default.contentsOfDirectory(atPath: folder))?
          .first { $0.hasPrefix("libgomp-") }.map { "\(folder)/\($0)" }
      }
    case "libcurl":
      return (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib"))?
        .filter { $0.hasSuffix("-linux-gnu") }.map { "/usr/lib/\($0)/libcurl.so.4" }
        .first { FileManager.default.fileExists(atPath: $0) }
    case "vl-convert": return packages.map { "\($0)/vl_convert/vl_convert.abi3.so" }
    case "figure-python": return root + "/.tools/venv/bin/python3"
    case "openpyxl", "et-xmlfile":
      let wheels = root + "/.tools/venv/wheels"
      return (try? FileManager.default.contentsOfDirectory(atPath: wheels))?
        .first { $0.hasPrefix(name.replacingOccurrences(of: "-", with: "_") + "-") }
        .map { "\(wheels)/\($0)" }
    default:
      return ["/usr/bin", "/bin", "/usr/local/bin"].map { "\($0)/\(name)" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
  }
}
