// Steps for tests of what a person sees: one that does what a test tells it while it runs, and one
// that costs next to nothing.
import AtelierStep
import Dispatch

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

private let held = CodeFingerprint(
  family: "FixtureView", digest: String(repeating: "e", count: 64), compiler: "any")

/// Obeys the lines that a test adds to a file: `progress 0.4`, `say words`, `fail words`, `go`.
struct Held: Step {
  static let code = held
  /// The folder of the file, which has the step's own name.
  var folder: String
  var name: String
  var text = Output<DocumentFile>()

  /// The folder may be read as a machine's own files may.
  var programs: [Program] { [Program("sh", systemFiles: [folder])] }

  func run(in context: StepContext) throws {
    var obeyed = 0
    while true {
      // A last line without its end is still being written.
      let orders = try Self.lines(of: "\(folder)/\(name)").dropLast()
      for order in orders.dropFirst(obeyed) {
        obeyed += 1
        let words = order.split(separator: " ", maxSplits: 1).map(String.init)
        let rest = words.count > 1 ? words[1] : ""
        switch words.first {
        case "progress": context.progress(Double(rest) ?? 0)
        case "say": context.log(rest)
        case "fail": throw StepFailure(rest)
        default:
          try Data(name.utf8).write(to: URL(fileURLWithPath: try context.path(text)))
          return
        }
      }
      _ = DispatchSemaphore(value: 0).wait(timeout: .now() + 0.005)
    }
  }

  private static func lines(of file: String) throws -> [Substring] {
    guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: file)) else { return [] }
    return String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
  }
}

/// Writes its name, within the runner.
struct Quick: Step {
  static let code = held
  static let isolation = Isolation.inProcess
  var name: String
  var text = Output<DocumentFile>()

  func run(in context: StepContext) throws {
    try Data(name.utf8).write(to: URL(fileURLWithPath: try context.path(text)))
  }
}
