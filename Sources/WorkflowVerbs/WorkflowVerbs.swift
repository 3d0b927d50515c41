// `atelier workflow`: a plan as a state machine or a pipeline that is deployed, started and followed.
import CommandLine
import Project

/// The verbs about workflows on AWS.
package enum WorkflowVerbs {
  package static let group = VerbGroup<VerbContext>(
    "workflow", "state machines and pipelines: deploy, start, follow, stop, delete",
    details: """
      A workflow is the plan of a target as a state machine of Step Functions, or with --as pipeline
      as a pipeline of SageMaker; `atelier compile` prints both. Its jobs run Atelier itself against
      the bucket of [AWS] s3_bucket_name. Exits 1 when an execution failed, 2 when the call is
      invalid, 5 when a service is unreachable.
      """,
    verbs: [
      WorkflowDeploy(), WorkflowStart(), WorkflowList(), WorkflowExecutions(), WorkflowProgress(),
      WorkflowEvents(), WorkflowStop(), WorkflowTriggerVerb(), WorkflowDelete(),
    ])
}
