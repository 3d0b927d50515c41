// The verbs of `atelier aep`, and what they share. The work is done in SchemaRegistry.
import AdobePlatform
import CommandLine
import Content
import Project
import SchemaRegistry
import Terminal

/// The verbs about what a workshop keeps on Adobe's platform.
package enum PlatformVerbs {
  package static let group = VerbGroup<VerbContext>(
    "aep", "Adobe Experience Platform: deploy, status, ids, destroy",
    details: """
      Schemas and data sets are found by their names, which begin with 'Atelier <workshop>'. Tested
      against Adobe's published API descriptions, not against a live organisation: see the page
      PlatformVerbs. Exits 2 when the call, a setting or the credential is invalid, 5 when the platform
      is unreachable.
      """,
    verbs: [PlatformDeploy(), PlatformStatus(), PlatformIDs(), PlatformDestroy()])
}

/// What every verb of the platform works with.
struct PlatformCall {
  static let yes = Flag("yes", short: "y", "do not ask")

  let call: Call
  let session: Session
  let client: PlatformClient
  let signals: Signals

  var output: Console { session.output }

  /// Opens the platform, and runs `body`; an interruption ends it with the signal's code.
  static func run(
    _ call: Call, _ context: VerbContext, _ body: (PlatformCall) throws -> Int32
  ) throws -> Int32 {
    let session = try Session(call, context)
    guard session.declared.contains(where: { $0.section == "Platform" && $0.key == "dataset_id" })
    else {
      throw UsageError(
        "the workshop '\(session.workshop.name)' keeps nothing on the platform; name another with -w"
      )
    }
    return try Signals.guarding { signals in
      let use = RemoteUse(isCancelled: { signals.token.isCancelled })
      let client = try session.platform(use)
      do {
        return try body(
          PlatformCall(call: call, session: session, client: client, signals: signals))
      } catch let failure as DeploymentFailure {
        throw UsageError(failure.description)
      } catch let failure as FailedBatch {
        context.output.error("atelier: \(failure)")
        return ExitCode.stepFailed
      }
    }
  }

  /// The things of the workshop.
  func deployment() throws -> PlatformDeployment {
    let tenant = try session.settings.string("Atelier", "tenant")
    return try PlatformDeployment(
      client, tenant: tenant,
      datasets: WorkshopDataSets.all(workshop: session.workshop.name, tenant: tenant))
  }

  /// Whether the user agrees; without a terminal `--yes` must.
  func isConfirmed(_ question: String, by answers: [String]) throws -> Bool {
    try Question.isConfirmed(question, yes: call[Self.yes], output, signals.token) {
      answers.contains($0.lowercased())
    }
  }
}
