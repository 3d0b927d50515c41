// Verbs within this process: what they print is read from a value.
import AtelierTesting
import CLI
import CommandLine
import Terminal
import Testing

@testable import Atelier

@Suite struct InProcessTests {
  private enum Empty: Workshop {
    static let name = "empty"
    static let folder = "Empty"
    static let summary = "has no step"
    static let stages: [Stage] = []
    static func wire(_ pipeline: inout PipelineBuilder, _ settings: EmptySettings) throws {}
  }

  private struct EmptySettings: SettingsTable {
    @Setting("Empty", "word", "nothing reads it") var word = "none"
  }

  private let folder: TemporaryFolder
  private let sink = CapturedOutput()

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("", to: "Package.swift")
    try folder.write("[Empty]\nword = some\n", to: "Workshops/Empty/config.ini")
  }

  private func run(_ words: String...) -> Int32 {
    CommandLineProgram.run(
      words, workshops: [Empty.self], steps: { [] }, sink: sink,
      environment: ["ATELIER_PROJECT": folder.path])
  }

  @Test func dataAndMessagesAreRead() {
    #expect(run("config", "get", "Empty.word") == ExitCode.success)
    #expect(sink.data == "some\n")
    #expect(sink.messages == "")
  }

  @Test func errorsAreRead() {
    #expect(run("config", "get", "Empty.wrod") == ExitCode.usage)
    #expect(
      sink.messages
        == "atelier: 'Empty.wrod' is not a setting of the workshop empty. Did you mean "
        + "'Empty.word'?\n")
    #expect(sink.data == "")
  }

  @Test func aVersionIsData() {
    #expect(run("--version") == ExitCode.success)
    #expect(sink.data == "atelier \(CommandLineProgram.version)\n")
  }

  @Test func aCallThatSetsAValue() throws {
    #expect(run("config", "set", "Empty.word=other") == ExitCode.success)
    #expect(
      try TestFiles.text(folder("Workshops/Empty/config.ini")) == "[Empty]\nword = other\n")
  }
}
