// `atelier features push`: a group of SageMaker that follows ours.
import CommandLine
import Project
import Terminal

struct FeaturePush: Verb {
  let name = "push"
  let summary = "send a group to SageMaker's feature store: what it lacks, and no more"
  let details = """
    Makes the group of that name, adds features that it lacks, and writes the records of each
    ingestion that it has not got, oldest first. The log here is the truth; how far SageMaker has come
    is a tag of its group. Interrupted, the next call goes on from there: a record that is written
    again changes nothing.
    """
  let examples = [
    Example(
      "atelier features push abalone --offline s3://bucket/features", "online and offline store")
  ]
  let group = Argument("GROUP", completion: .named("feature-groups"))
  let role = Option(
    "role", value: "ARN", "role with which SageMaker writes offline files (default: [Jobs] role)")
  let offline = Option(
    "offline", value: "URL", "s3://bucket/prefix of SageMaker's offline store, for a new group")
  let json = Shared.json

  var parameters: [any Parameter] { [group, role, offline, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try FeatureCall.run(call, context, isJSON: call[json]) {
      try $0.push(call.word(group), role: call[role], offline: call[offline])
    }
  }
}
