// Timeouts and cancellation: nothing is left, and patience has its limits.
import CSystem
import Foundation
import Subprocess
import Testing

@Suite struct StopTests {
  @Test(arguments: [true, false])
  func aTimeoutLeavesNoGrandchild(supervised: Bool) throws {
    let mark = marker()
    let command = shell(
      "sleep \(mark) & (trap '' TERM; sleep \(mark); sleep \(mark)) & sleep \(mark)",
      supervised: supervised)
    let exit = try command.run(timeout: 0.3)
    #expect(exit.status == .timedOut)
    #expect(exit.seconds >= 0.3 && exit.seconds < 60)
    #expect(eventually { processes(with: mark).isEmpty })
  }

  @Test func aSupervisedProgramCannotEscapeBySession() throws {
    let mark = marker()
    let script = "setsid sh -c 'setsid sleep \(mark) & exec sleep \(mark)' & sleep 0.2; exit 5"
    let exit = try shell(script, supervised: true).run()
    #expect(exit.status == .exited(5))
    #expect(processes(with: mark).isEmpty)  // gone before run() returned
  }

  @Test(arguments: [true, false])
  func whoIgnoresTermIsKilledAfterTheGrace(supervised: Bool) throws {
    let script = "trap '' TERM; while :; do sleep 0.05; done"
    let exit = try shell(script, supervised: supervised, grace: 0.6).run(timeout: 0.2)
    #expect(exit.status == .timedOut)
    #expect(exit.seconds >= 0.8 && exit.seconds < 60)
  }

  @Test(arguments: [true, false])
  func whoHeedsTermMayTidyUp(supervised: Bool) throws {
    try withFolder { folder in
      let script = "trap 'echo tidy > \(folder)/said; exit 0' TERM; while :; do sleep 0.02; done"
      let exit = try shell(script, supervised: supervised, grace: 120).run(timeout: 0.3)
      #expect(exit.status == .timedOut)
      #expect(exit.seconds < 60)
      #expect(try String(contentsOfFile: folder + "/said", encoding: .utf8) == "tidy\n")
    }
  }

  @Test func aTimeoutThatIsNotReachedChangesNothing() throws {
    #expect(try shell("exit 7").run(timeout: 60).status == .exited(7))
  }

  @Test(arguments: [true, false])
  func cancellationFromAnotherThread(supervised: Bool) throws {
    let token = try CancellationToken()
    let mark = marker()
    let thread = Thread {
      _ = eventually { !processes(with: mark).isEmpty }
      // So that the seconds until the end can be told from none.
      usleep(200_000)
      token.cancel()
      token.cancel()
    }
    thread.start()
    let exit = try shell("sleep \(mark) & wait", supervised: supervised).run(cancelled: token)
    #expect(exit.status == .cancelled)
    #expect(exit.seconds >= 0.2 && exit.seconds < 60)
    #expect(token.isCancelled)
    #expect(eventually { processes(with: mark).isEmpty })
  }

  @Test func aCancelledTokenStopsAtOnce() throws {
    let token = try CancellationToken()
    #expect(!token.isCancelled)
    token.cancel()
    let exit = try shell("sleep \(marker())").run(cancelled: token)
    #expect(exit.status == .cancelled)
    #expect(exit.seconds < 60)
  }
}
