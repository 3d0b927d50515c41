// The time limit of a step in the runner's process: one that asks ends, and no late result counts.
import AtelierStep
import AtelierTesting
import Execution
import Foundation
import Testing

/// Works for as long as it may, or for a fixed time whatever it may.
struct Patient: Step {
  static let code = CodeFingerprint(family: "Test", digest: "pa71e47", compiler: "test")
  static let isolation = Isolation.inProcess
  var asks: Bool
  var out = Output<Words>()
  var limits: StepLimits { StepLimits(timeout: 0.05) }

  func run(in context: StepContext) throws {
    let end = Date().addingTimeInterval(asks ? 100 : 0.2)
    while Date() < end { if asks { try context.checkCancellation() } }
    try context.write("late", to: out)
  }
}

@Suite struct InProcessLimitTests {
  @Test(arguments: [true, false]) func aLimitHolds_D10(_ asks: Bool) throws {
    let lab = try Laboratory()
    let graph = try lab.graph { p in p.add("a.patient", Patient(asks: asks)) }
    let run = try lab.run(graph)
    #expect(run.statuses == ["a.patient": .failed])
    #expect(run.report("a.patient")?.message == "ended after its time limit of 0.05 s")
    #expect(run.summary.outcome == .failed)
  }
}
