// Where a verb's text goes: data to standard output, messages to standard error. A value that is
// passed to whoever prints, so that a test can read what a verb said.
import Content
import Synchronization

/// The two streams of a verb.
///
/// A copy writes to the same streams. Safe to use from any thread.
package struct Console: Sendable {
  private let sink: any OutputSink
  private let first = FirstFailure()
  private let environment: [String: String]
  /// Whether messages that are no errors are left out.
  package let isQuiet: Bool
  private let color: ColorChoice
  private static let longest = 20_000

  package init(
    _ sink: any OutputSink, environment: [String: String] = [:], isQuiet: Bool = false,
    color: ColorChoice = .auto
  ) {
    self.sink = sink
    self.environment = environment
    self.isQuiet = isQuiet
    self.color = color
  }

  /// Data: what a script reads.
  ///
  /// Throws `OutputFailure`; after a failure nothing more is written.
  package func data(_ bytes: [UInt8]) throws(OutputFailure) {
    if let failure { throw failure }
    do throws(OutputFailure) {
      try sink.write(bytes, to: .data)
    } catch {
      first.note(error)
      throw error
    }
  }

  /// Data as text.
  package func data(_ text: String) throws(OutputFailure) { try data(Array(text.utf8)) }

  /// Why data could not be written; nil where all were.
  package var failure: OutputFailure? { first.failure }

  /// A message for a person, cleaned of what would control a terminal; nothing with `--quiet`.
  package func message(_ text: String) { if !isQuiet { error(text) } }

  /// A message that `--quiet` shows, too.
  ///
  /// It may hold hostile names and texts of others; what is longer than anybody reads is cut. That
  /// standard error cannot be written is no reason to fail: there is nobody to tell.
  package func error(_ text: String) {
    let start = text.prefix(Self.longest)
    let shown = start.endIndex < text.endIndex ? start + "... (cut)" : start
    let lines = TextLines.of(shown)
    let clean = lines.map { DisplayText.clean(String($0)) }.joined(separator: "\n") + "\n"
    try? sink.write(Array(clean.utf8), to: .messages)
  }

  /// A question, whose answer is typed behind it.
  package func prompt(_ text: String) { try? sink.write(Array(text.utf8), to: .messages) }

  /// Whether data go to a terminal.
  package var isTerminal: Bool { sink.isTerminal(.data) }

  /// Columns and rows of the terminal that data go to; nil for a pipe, a file, or a terminal that
  /// does not know its size.
  package var size: TerminalSize? { sink.size(of: .data) }

  /// The columns alone.
  package var width: Int? { size?.columns }

  /// The terminal that messages go to; nil for a pipe, a file, or `TERM` unset or `dumb`.
  package var terminal: Terminal? { isQuiet ? nil : Terminal(sink, environment, color) }
}

/// Whether text is coloured.
package enum ColorChoice: String, CaseIterable, Sendable {
  /// On a terminal, unless `NO_COLOR` is set.
  case auto
  case always
  case never
}

/// Why data could not be written.
package enum OutputFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The reader has closed its end.
  case readerGone
  /// The system's words.
  case system(String)

  package var description: String {
    switch self {
    case .readerGone: "the reader of standard output has gone"
    case .system(let reason): "cannot write to standard output: \(reason)"
    }
  }
}

/// Remembers the first failure.
private final class FirstFailure: Sendable {
  private let state = Mutex<OutputFailure?>(nil)

  var failure: OutputFailure? { state.withLock { $0 } }
  func note(_ failure: OutputFailure) { state.withLock { $0 = $0 ?? failure } }
}
