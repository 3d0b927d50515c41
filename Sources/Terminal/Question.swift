// Asks whoever sits at the terminal, and hears Ctrl-C while it waits.
import CSystem
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
}
