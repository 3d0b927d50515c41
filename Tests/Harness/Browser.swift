// Where a browser and its driver are, for tests of pages.
import AtelierTesting
import Foundation

/// The browser that tests drive, and what drives it.
package enum Browser {
  private static let venv =
    ProcessInfo.processInfo.environment["BROWSER_VENV"] ?? TestTools.root + "/.tools/browser"
  package static let python = venv + "/bin/python"

  /// Why there is none; nil where there is one.
  package static let absence: String? = {
    guard let chromium = TestTools.path(of: "chromium"),
      let driver = TestTools.path(of: "chromedriver")
    else { return "no chromium and chromedriver; type: .setup/setup.sh tests" }
    for path in [chromium, driver] where isSnap(path) {
      return "\(path) is a snap, which does not start in a test's folder"
    }
    guard FileManager.default.isExecutableFile(atPath: python) else {
      return "no selenium in \(venv); type: .setup/browser.sh"
    }
    return nil
  }()

  /// Whether a program lies in a snap, or is a script that starts one.
  private static func isSnap(_ path: String) -> Bool {
    let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    if real.hasPrefix("/snap/") || real == "/usr/bin/snap" { return true }
    let bytes = FileManager.default.contents(atPath: real) ?? Data()
    return bytes.prefix(2) == Data("#!".utf8) && bytes.count < 1 << 16
      && String(decoding: bytes, as: UTF8.self).contains("/snap/")
  }
}
