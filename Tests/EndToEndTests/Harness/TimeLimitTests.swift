// What the tests' own machinery does with a program that does not end.
import AtelierTesting
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct TimeLimitTests {
  @Test func aProgramThatHangsIsKilledWithItsChildrenAndWhatItSaidIsTold() throws {
    let folder = try TemporaryFolder()
    let running = try RunningProgram(
      "/bin/sh", ["-c", "echo begun; sleep 1000 & sleep 1000"],
      environment: ["TEST_FOLDER": folder.path], captures: folder)
    let end = Date().addingTimeInterval(60)
    while !running.hasSaid("begun"), Date() < end { usleep(1000) }
    let error = #expect(throws: ProgramError.self) { try running.wait(seconds: 0.1) }
    #expect(error?.description.contains("did not end within 0.1 s and said:\nbegun") == true)
    #expect(ProcessTable.left(mentioning: folder.path, after: 10).isEmpty)
  }

  @Test func aTestThatTakesTooLongFailsAndItsProgramsEnd() async throws {
    let test = try #require(Test.current)
    let folder = try TemporaryFolder()
    // A program that ended by itself would let the test pass.
    let error = await #expect(throws: ProgramError.self) {
      // Ahead of the others: this test's own time runs while it waits behind them.
      try await ProgramTest(limit: .milliseconds(200), isAhead: true).provideScope(
        for: test, testCase: nil
      ) {
        _ = try RunningProgram("/bin/sleep", ["1000"], environment: [:], captures: folder).wait()
      }
    }
    #expect(error?.description.hasPrefix("the test took more than") == true, "\(error as Any)")
  }
}
