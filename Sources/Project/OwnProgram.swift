// Where the running program is. It starts nothing.
import CSystem
import CommandLine

package enum OwnProgram {
  /// The absolute path of the running program.
  package static func path() throws -> String {
    guard let path = cs_self_path().map({ String(cString: $0) }) else {
      throw UsageError("cannot find the path of the running program")
    }
    return path
  }
}
