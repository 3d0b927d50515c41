// The table of ends: what becomes of a step by its answer and by what the cluster says.
import Clusters
import Content
import RemoteSteps
import Testing

@testable import Engines

@Suite struct StepVerdictTests {
  private let settings = ClusterSettings()

  private func answer(_ status: StepAnswer.Status, _ text: String = "") throws -> StepAnswer {
    StepAnswer(
      key: ActionKey(try Digest.of("key")), status: status, text: text, seconds: 1, node: "n1",
      job: "7_0")
  }

  private func verdict(_ change: (inout StepFacts) -> Void) -> StepVerdict {
    var facts = StepFacts()
    change(&facts)
    return StepVerdict.of(facts, settings)
  }

  @Test(arguments: [StepAnswer.Status.built, .hit, .second])
  func anAnswerCountsWhateverTheClusterSays(_ status: StepAnswer.Status) throws {
    for end in [ClusterEnd.exited, .nodeLost, .cancelled, .outOfMemory, .vanished] {
      let answer = try answer(status)
      let found = verdict {
        $0.answer = answer
        $0.state = .ended(end, node: "n1")
        $0.attempts = 3
      }
      #expect(found == .done)
    }
  }

  @Test func aStepsOwnFailureIsNotTriedElsewhere() throws {
    let answer = try answer(.failed, "it says why")
    #expect(verdict { $0.answer = answer } == .failed("it says why"))
  }

  @Test func aNodeThatRefusesIsAvoidedAsOftenAsIsAllowed() throws {
    let answer = try answer(.refused, "another duckdb")
    #expect(
      verdict { $0.answer = answer } == .again("n1 refused it: another duckdb", avoiding: "n1"))
    let last = verdict {
      $0.answer = answer
      $0.attempts = 3
    }
    #expect(last == .exhausted("n1 refused it: another duckdb; it was tried 4 times"))
  }

  @Test(arguments: [ClusterEnd.exited, .nodeLost, .vanished])
  func withoutAnAnswerTheFaultIsNotTheSteps(_ end: ClusterEnd) {
    let early = verdict {
      $0.state = .ended(end, node: "n2")
      $0.endedFor = 59
    }
    #expect(early == .wait, "an answer may be on its way")
    let late = verdict {
      $0.state = .ended(end, node: "n2")
      $0.endedFor = 60
    }
    guard case .again(_, let avoided) = late else {
      Issue.record("\(late)")
      return
    }
    #expect(avoided == (end == .vanished ? nil : "n2"))
  }

  @Test func memoryGrowsOnceWhereItMay() {
    func end(_ canGrow: Bool) -> StepVerdict {
      verdict {
        $0.state = .ended(.outOfMemory, node: "n3")
        $0.endedFor = 60
        $0.canGrow = canGrow
        $0.memory = 2048
      }
    }
    #expect(end(true) == .grow)
    #expect(end(false) == .failed("it needs more than 2048 MiB on n3; let its limits ask for more"))
  }

  @Test(arguments: [ClusterEnd.timeLimit, .cancelled])
  func limitsAndOthersEndAStep(_ end: ClusterEnd) {
    let found = verdict {
      $0.state = .ended(end, node: "n1")
      $0.endedFor = 60
    }
    guard case .failed = found else {
      Issue.record("\(found)")
      return
    }
  }

  @Test func whatWaitsIsWaitedForUnlessItWaitsForEver() {
    #expect(verdict { $0.state = .waiting(reason: "Priority", never: false) } == .wait)
    let never = verdict { $0.state = .waiting(reason: "PartitionTimeLimit", never: true) }
    guard case .cancel(andThen: .fail(let text)) = never else {
      Issue.record("\(never)")
      return
    }
    #expect(text.contains("PartitionTimeLimit"))
  }

  @Test func aTaskThatOnlySeemsToRunIsCancelledAndTriedElsewhere() {
    let quiet = verdict {
      $0.state = .running(node: "n1")
      $0.silentFor = 180
    }
    #expect(quiet == .wait)
    let silent = verdict {
      $0.state = .running(node: "n1")
      $0.silentFor = 181
    }
    #expect(silent == .cancel(andThen: .again("n1 gave no sign of life for 181 s", avoiding: "n1")))
  }

  @Test func aTaskThatIsListedNoMoreMayStillAnswer() {
    #expect(verdict { $0.endedFor = 10 } == .wait)
    #expect(
      verdict { $0.endedFor = 60 }
        == .again("the cluster knows no more of its job", avoiding: nil))
  }
}
