// What a verb prints: data and messages apart, failures of data remembered.
import Synchronization
import Terminal
import Testing

@Suite struct ConsoleTests {
  /// Takes a few bytes of data, then fails.
  private final class FullDisk: OutputSink {
    private let room = Mutex(4)

    func write(_ bytes: [UInt8], to stream: OutputStream) throws(OutputFailure) {
      guard stream == .data else { return }
      let fits = room.withLock { room in
        room -= bytes.count
        return room >= 0
      }
      guard fits else { throw .system("No space left on device") }
    }

    func isTerminal(_ stream: OutputStream) -> Bool { false }
    func size(of stream: OutputStream) -> TerminalSize? { nil }
  }

  @Test func dataAndMessagesAreApart() throws {
    let sink = CapturedOutput()
    let console = Console(sink)
    try console.data("a,b\n")
    console.message("done\u{1B}[2J")
    #expect(sink.data == "a,b\n")
    #expect(sink.messages == "done\n")
  }

  @Test func quietKeepsErrorsAndData() throws {
    let sink = CapturedOutput()
    let console = Console(sink, isQuiet: true)
    try console.data("1\n")
    console.message("said")
    console.error("failed")
    #expect(sink.data == "1\n")
    #expect(sink.messages == "failed\n")
  }

  @Test func aFailureOfDataIsThrownAndRemembered() throws {
    let console = Console(FullDisk())
    try console.data("1234")
    #expect(throws: OutputFailure.system("No space left on device")) { try console.data("5") }
    // A copy knows of it, and nothing is written behind a gap.
    let copy = console
    #expect(copy.failure == .system("No space left on device"))
    #expect(throws: OutputFailure.self) { try copy.data("") }
  }
}
