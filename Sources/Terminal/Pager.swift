// Shows long text through the user's pager. A pipe never gets one.
import CSystem
import Subprocess

package struct Pager {
  private let isOff: Bool
  private let environment: [String: String]
  private let output: Console

  package init(isOff: Bool, _ environment: [String: String], _ output: Console) {
    self.isOff = isOff
    self.environment = environment
    self.output = output
  }

  /// Prints a text, paged where a terminal is too short for it.
  ///
  /// A pager that cannot be started, or is not found by its shell, gets nothing: the text is printed.
  package func show(_ text: String) throws {
    guard !isOff, let size = output.size, let command,
      text.utf8.count(where: { $0 == 0x0A }) >= size.rows,
      let code = try? ForegroundCommand(command).run(reading: Array(text.utf8)),
      code != Self.notFound, code != Self.notExecutable
    else { return try output.data(text) }
  }

  /// What a shell says of a command that is not there, or that it may not start.
  private static let notFound: Int32 = 127
  private static let notExecutable: Int32 = 126

  /// $ATELIER_PAGER, $PAGER, else less; an empty variable means none.
  private var command: Command? {
    if let line = environment["ATELIER_PAGER"] ?? environment["PAGER"] {
      let isNone = line.allSatisfy(\.isWhitespace)
      return isNone
        ? nil : Command(executable: "/bin/sh", arguments: ["-c", line], environment: environment)
    }
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/less" }.first { $0.hasPrefix("/") && Self.isFile($0) }
      .map { Command(executable: $0, arguments: ["-FRSX"], environment: environment) }
  }

  private static func isFile(_ path: String) -> Bool {
    var status = cs_stat_t()
    return cs_stat(path, 1, &status) == 0 && status.kind == CChar(bitPattern: UInt8(ascii: "f"))
  }
}
