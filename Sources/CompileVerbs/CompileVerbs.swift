// `atelier compile`: the plan of a target, and documents of AWS that are made of it.
import CommandLine
import Content
import Plans
import Project
import States
import Terminal

/// The verbs that print a plan and its documents.
package enum CompileVerbs {
  package static let group = VerbGroup<VerbContext>(
    "compile", "the graph as documents: a plan, a state machine, a pipeline, a template",
    details: """
      A plan is graph, settings and digests of sources as one document; the others are made of it. A
      stage is a processing job of SageMaker that runs Atelier itself against the store of
      [AWS] s3_bucket_name, so what ran there is a hit here and the reverse. Branches read the
      decision between two jobs. Nothing runs, no service is called, and no document holds a secret.
      [Jobs] names image, role and machines.
      """,
    verbs: [CompilePlan(), CompileMachine(), CompilePipeline(), CompileTemplate()])
}

struct CompilePlan: Verb {
  let name = "plan"
  let summary = "graph, settings without secrets, and digests of sources, with the digest of it all"
  let examples = [Example("atelier compile plan retail/validate", "what a run would do")]
  let targets = Shared.targets

  var parameters: [any Parameter] { [targets] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let plan = try CompileCall(call, targets: targets, context).plan
    try context.output.data(plan.document.indentedText + "\n")
    return ExitCode.success
  }
}
