// statelint, the linter of the Amazon States Language, as judge of what we write and of what we refuse.
import AtelierTesting
import Foundation
import States
import Subprocess
import Testing

private let statelint: String? = {
  let path = TestTools.root + "/.tools/mock/bin/statelint"
  return FileManager.default.isExecutableFile(atPath: path) ? path : nil
}()

@Suite(.enabled(if: statelint != nil, "statelint is not installed (.setup/mock.sh)"))
struct StatelintTests {
  private func said(of machine: StateMachine) throws -> (isFine: Bool, text: String) {
    let folder = try TemporaryFolder()
    // It takes no path whose member has a blank in its name, as the SDK's states have; Step Functions
    // does.
    let document = machine.document.replacing(/\['[^']*'\]/) { $0.output.replacing(" ", with: "") }
    let file = try folder.write(document, to: "machine.json")
    let program = try #require(statelint)
    let captured = try capture(Command(executable: program, arguments: [file]), timeout: 200)
    return (captured.exit.succeeded, captured.text + captured.errorText)
  }

  @Test func itTakesWhatWeWrite() throws {
    let parallel = StateMachine(
      startAt: "Both",
      states: [
        "Both": State(
          .parallel(
            [
              StateMachine(startAt: "Left", states: ["Left": State(.pass(then: .end))]),
              StateMachine(
                startAt: "Each",
                states: [
                  "Each": State(
                    .map(
                      StateMachine(startAt: "One", states: ["One": State(.succeed)]),
                      of: DataPath("$.items"), most: 2, then: .end))
                ]),
            ], then: .next("Rest"), retry: [Retrier(["States.ALL"])])),
        "Rest": State(.wait(.seconds(5), then: .next("End"))), "End": State(.succeed),
      ])
    for machine in [
      try StateMachineTests.retail(), try PipelineTemplates.training(),
      try PipelineTemplates.inference(), parallel,
    ] {
      #expect(machine.problems() == [])
      let judged = try said(of: machine)
      #expect(judged.isFine, "\(judged.text)")
    }
  }
}
