// Each reason why a command can't start has its own error, which names the path.
import Foundation
import Subprocess
import Testing

@Suite struct StartErrorTests {
  private func error(_ command: Command) -> SubprocessError? {
    do {
      _ = try command.run()
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [true, false])
  func eachReasonHasItsError(supervised: Bool) throws {
    try withFolder { folder in
      let (plain, script, text) = (folder + "/plain", folder + "/script", folder + "/text")
      try write("echo", to: plain)
      try write("#!/missing/interpreter\n", to: script)
      try write("no program", to: text)
      for path in [script, text] {
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
      }
      func failure(_ path: String, in directory: String? = nil) -> SubprocessError? {
        let command = Command(executable: path, directory: directory, supervised: supervised)
        while true {
          let found = error(command)
          // A child that another test forks just now holds the written file until it executes.
          guard case .system(_, path, "Text file busy")? = found else { return found }
          usleep(10_000)
        }
      }
      #expect(failure("true") == .executableNotAbsolute("true"))
      #expect(failure("") == .executableNotAbsolute(""))
      #expect(failure(folder + "/none") == .executableMissing(folder + "/none"))
      #expect(failure(plain + "/none") == .executableMissing(plain + "/none"))
      #expect(failure(plain) == .notExecutable(plain))
      #expect(failure(folder) == .notExecutable(folder))
      #expect(failure(script) == .interpreterMissing(script))
      #expect(failure(text) == .notAProgram(text))
      #expect(failure("/bin/true", in: folder + "/none") == .directoryMissing(folder + "/none"))
      #expect(
        failure("/bin/true", in: plain) == .directoryUnusable(plain, reason: "Not a directory"))
    }
  }

  @Test func nulBytesAreRefused() {
    let expected = SubprocessError.nulByte(executable: "/bin/true", value: "a\0b")
    #expect(error(Command(executable: "/bin/true", arguments: ["a\0b"])) == expected)
    #expect(error(Command(executable: "/bin/true", environment: ["A": "a\0b"])) == expected)
  }

  @Test func tooManyArgumentsNameTheProgram() {
    let command = Command(
      executable: "/bin/true", arguments: [String(repeating: "a", count: 300_000)])
    #expect(
      error(command)
        == .system(
          call: "starting the program", executable: "/bin/true", reason: "Argument list too long"))
  }

  @Test func anOutputFileThatCannotBeWrittenIsNamed() throws {
    #expect(throws: SubprocessError.outputFile("/none/log", reason: "No such file or directory")) {
      try Command(executable: "/bin/true").run(output: .file("/none/log"))
    }
  }

  @Test func pipesThatNobodyServesAreRefused() {
    let command = Command(executable: "/bin/true")
    let expected = SubprocessError.pipeWithoutReader(executable: "/bin/true")
    #expect(throws: expected) { try command.run(output: .pipe) }
    #expect(throws: expected) { try command.run(input: .pipe) }
    #expect(throws: expected) { try command.start(error: .lines { _ in }) }
  }

  @Test func textSaysWhatToDo() {
    #expect(
      SubprocessError.directoryMissing("/a").description
        == "the working directory '/a' does not exist: create it, or correct the path")
  }
}
