// `atelier features push` and `export`: a group for SageMaker.
import CommandLine
import Project
import Terminal

struct FeaturePush: Verb {
  let name = "push"
  let summary = "send a group to SageMaker's feature store: what it lacks, and no more"
  let details = """
    Makes the group of that name, adds features that it lacks, and writes the records of each
    ingestion that it has not got, oldest first. The log here is the truth; how far SageMaker has come
    is a tag of its group. Interrupted, the next call continues from there: a record that is
    written again changes nothing.
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

struct FeatureExport: Verb {
  enum Layout: String, CaseIterable { case sagemaker }

  let name = "export"
  let summary =
    "write a group's records as Parquet files in the layout of SageMaker's offline store"
  let details = """
    Files are data/year=YYYY/month=MM/day=DD/hour=HH/<latest event time>_<16 digits>.parquet, the hour
    being that of the event time in UTC. They have the features and write_time, api_invocation_time
    (when the batch was ingested) and is_deleted. Groups themselves keep their own layout.
    """
  let examples = [
    Example(
      "atelier features export abalone --layout sagemaker --output offline", "for other tools")
  ]
  let group = Argument("GROUP", completion: .named("feature-groups"))
  let layout = Option<Layout>("layout", value: "LAYOUT", "sagemaker (default)")
  let folder = Option(
    "output", short: "o", value: "DIR", completion: .files, "the folder (default: the group's name)"
  )

  var parameters: [any Parameter] { [group, layout, folder] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try FeatureCall.run(call, context) {
      let name = try call.word(group)
      return try $0.export(name, to: call[folder] ?? name)
    }
  }
}
