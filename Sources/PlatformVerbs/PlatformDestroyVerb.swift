// `atelier aep destroy`: the list, the question, the removal and what the platform keeps.
import CommandLine
import Project
import SchemaRegistry
import Terminal

struct PlatformDestroy: Verb {
  let name = "destroy"
  let summary = "remove the workshop's data sets, and schemas where the registry allows it"
  let details = """
    Lists what would be removed, asks for the sandbox's name, removes data sets with their rows, then
    schemas and field groups, and prints what the platform keeps: a schema that feeds profiles cannot be
    deleted. Interrupted, it continues when called again.
    """
  let examples = [
    Example("atelier aep destroy", "review the list, then type the sandbox's name")
  ]
  let yes = PlatformCall.yes

  var parameters: [any Parameter] { [yes] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try PlatformCall.run(call, context) { try destroy($0) }
  }

  private func destroy(_ platform: PlatformCall) throws -> Int32 {
    let deployment = try platform.deployment()
    let things = try deployment.removable()
    let datasets = try deployment.datasets.flatMap {
      try deployment.catalog.dataSets(named: $0.name).map(\.id)
    }
    guard !things.isEmpty else {
      platform.output.message("the workshop has nothing on the platform; nothing to remove")
      return ExitCode.success
    }
    let sandbox = platform.client.settings.sandbox
    platform.output.message("to remove from the sandbox '\(sandbox)', in this order:")
    for thing in things {
      platform.output.message("  \(Text.pad(thing.kind, 14)) \(thing.name)")
    }
    let question = "This cannot be undone. Type the sandbox's name, \(sandbox), to go on: "
    guard try platform.isConfirmed(question, by: [sandbox]) else {
      platform.output.message("nothing was removed")
      return platform.signals.declined
    }
    let kept = try deployment.destroy { platform.output.message($0) }
    for thing in kept {
      try platform.output.data("kept: \(thing.kind) '\(thing.name)': \(thing.detail)\n")
    }
    try forget(datasets, platform)
    return ExitCode.success
  }

  /// Takes ids of data sets that are gone out of config.ini.
  private func forget(_ gone: [String], _ platform: PlatformCall) throws {
    let keys = try ["dataset_id", "scoring_dataset_id"].filter {
      gone.contains(try platform.session.settings.string("Platform", $0))
    }
    try platform.session.remember(keys.map { (section: "Platform", key: $0, value: "") })
  }
}
