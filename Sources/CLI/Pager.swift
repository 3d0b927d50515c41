// Shows long text through the user's pager. A pipe never gets one.
import Subprocess

struct Pager {
  private let isOff: Bool
  private let environment: [String: String]

  init(isOff: Bool, _ environment: [String: String]) {
    self.isOff = isOff
    self.environment = environment
  }

  /// Prints a text, paged where a terminal is too short for it.
  func show(_ text: String) {
    guard !isOff, let size = OutputTerminal.size, let command,
      text.utf8.count(where: { $0 == 0x0A }) >= size.rows,
      (try? ForegroundCommand(command).run(reading: Array(text.utf8))) != nil
    else {
      Console.data(text)
      return
    }
  }

  /// $ATELIER_PAGER, $PAGER, else less; an empty variable means none.
  private var command: Command? {
    if let line = environment["ATELIER_PAGER"] ?? environment["PAGER"] {
      let isNone = line.allSatisfy(\.isWhitespace)
      return isNone
        ? nil : Command(executable: "/bin/sh", arguments: ["-c", line], environment: environment)
    }
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/less" }.first { $0.hasPrefix("/") && FileSystem.isFile($0) }
      .map { Command(executable: $0, arguments: ["-FRSX"], environment: environment) }
  }
}
