// `atelier status`: what is up to date, what will run, what waits.
import CommandLine
import Project
import RunDisplay
import Terminal

package struct StatusVerb: Verb {
  package let name = "status"
  package let summary = "what is up to date, what will run and why, what is blocked"
  package let details = """
    Exits 3 when anything is not up to date, which includes what would be delivered or ingested. Numbered
    steps in one state are one line, unless --verbose asks for all.
    """
  package let examples = [Example("atelier status week5", "one line per step, and a sum")]
  let targets = Shared.targets
  let json = Shared.json

  package var parameters: [any Parameter] { [targets, json] }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let session = try Session(call, targets: call[targets], context)
    let status = try GraphStatus(session, foreseesEffects: true)
    session.warn(of: status.graph)
    let states = status.states
    let reasons = status.planner.partialExplanation
    try context.output.data(
      call[json]
        ? StatusText.json(states)
        : StatusText.text(
          states, all: true, isFull: call.isVerbose, reasons: reasons)
          + StatusText.sum(states, reasons: reasons))
    return states.contains { $0.isDue } ? ExitCode.outOfDate : ExitCode.success
  }
}
