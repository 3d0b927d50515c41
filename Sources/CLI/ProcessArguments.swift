// The words that the process was started with.
import CSystem

enum ProcessArguments {
  /// The program's own name and its arguments.
  ///
  /// Swift's runtime reads them from /proc, and beside the environment: there are none in a root without
  /// /proc, or where a preloaded library has moved the environment (faketime and others).
  static var all: [String] {
    (0..<cs_argument_count()).compactMap { cs_argument($0).map { String(cString: $0) } }
  }
}
