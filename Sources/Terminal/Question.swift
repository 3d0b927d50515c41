// Asks whoever sits at the terminal, and hears Ctrl-C while it waits.
import CSystem
import CommandLine
import Subprocess

/// A question to whoever sits at the terminal.
package enum Question {
  /// Whether there is anybody to ask.
  package static var hasSomebody: Bool { cs_is_terminal(0) == 1 }

  /// The line that is typed; nil at the end of the input or when `token` is cancelled.
  package static func ask(_ prompt: String, _ output: Console, _ token: CancellationToken)
    -> String?
  {
    output.prompt(prompt)
    var ends: [Int32] = [0, token.fd]
    guard cs_poll(&ends, 2, -1) > 0, !token.isCancelled else { return nil }
    return readLine()
  }

  /// Whether somebody agrees to what was shown: with `--yes` unasked, else by a line that `accepts` takes.
  ///
  /// - Parameter shown: what is to be reviewed, such as `list`.
  /// - Throws: `UsageError` where there is nobody to ask.
  package static func isConfirmed(
    _ prompt: String, yes: Bool, shown: String = "list", _ output: Console,
    _ token: CancellationToken, accepts: (String) -> Bool
  ) throws -> Bool {
    if yes { return true }
    guard hasSomebody else {
      throw UsageError(
        "cannot ask: standard input is not a terminal; review the \(shown) above, then add --yes")
    }
    return ask(prompt, output, token).map(accepts) ?? false
  }
}
