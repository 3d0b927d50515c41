// `atelier aep deploy`: makes what is missing, and writes the ids into config.ini.
import AdobePlatform
import CommandLine
import Content
import Project
import SchemaRegistry
import Terminal

struct PlatformDeploy: Verb {
  let name = "deploy"
  let summary = "make the schemas and data sets that are missing"
  let details = """
    Lists what is missing, asks, makes it, sends simulated profiles that are not there yet, and writes
    [Platform] dataset_id and scoring_dataset_id into config.ini. What is there is compared field by
    field and stays as it is. Feeding profiles cannot be undone. Killed at any point, it continues when
    called again and makes nothing twice.
    """
  let examples = [
    Example("atelier aep deploy", "review the list, then confirm"),
    Example("atelier aep deploy --yes --no-profiles", "for a script, without simulated profiles"),
  ]
  let yes = PlatformCall.yes
  let noProfiles = Flag("no-profiles", "send no simulated profiles")
  let json = Shared.json

  var parameters: [any Parameter] { [yes, noProfiles, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try PlatformCall.run(call, context) { try deploy($0) }
  }

  private func deploy(_ platform: PlatformCall) throws -> Int32 {
    let deployment = try platform.deployment()
    let things = try deployment.status()
    let differing = things.filter { $0.state == .differs }
    guard differing.isEmpty else {
      throw DeploymentFailure(
        differing.map { "the \($0.kind) '\($0.name)' differs: \($0.detail)" }
          .joined(separator: "\n"))
    }
    let missing = things.filter { $0.state == .missing }
    if missing.isEmpty {
      platform.output.message("everything is there; nothing to make")
    } else {
      show(missing, platform)
      guard try platform.isConfirmed("Make them? [y/N] ", by: ["y", "yes"]) else {
        platform.output.message("nothing was made; `atelier aep deploy` continues from here")
        return platform.signals.declined
      }
    }
    let ids = try deployment.deploy { line in
      if !missing.isEmpty { platform.output.message(line) }
    }
    try remember(ids, platform)
    if !platform.call[noProfiles], let profiles = ids["profiles"] {
      try ProfileUpload(platform, dataset: profiles).send()
    }
    return try finish(ids, platform)
  }

  private func show(_ missing: [DeployedThing], _ platform: PlatformCall) {
    let settings = platform.client.settings
    platform.output.message(
      "to make in the sandbox '\(settings.sandbox)' of \(settings.organization):")
    for thing in missing {
      platform.output.message("  \(Text.pad(thing.kind, 20)) \(thing.name)")
    }
    if missing.contains(where: { $0.kind.hasSuffix("for Profile") }) {
      platform.output.message(
        "what feeds Profile does so for ever: it cannot be disabled, and such a schema cannot be "
          + "deleted")
    }
  }

  /// Writes the ids where config.ini has none; another data set that somebody named there stays.
  private func remember(_ ids: [String: String], _ platform: PlatformCall) throws {
    var values: [(section: String, key: String, value: String)] = []
    for (role, key) in [("events", "dataset_id"), ("scores", "scoring_dataset_id")] {
      guard let id = ids[role] else { continue }
      let known = try platform.session.settings.string("Platform", key)
      if known.isEmpty {
        values.append((section: "Platform", key: key, value: id))
      } else if known != id {
        platform.output.message(
          "note: [Platform] \(key) is \(known) and stays; the data set of the \(role) is \(id)")
      }
    }
    try platform.session.remember(values)
  }

  private func finish(_ ids: [String: String], _ platform: PlatformCall) throws -> Int32 {
    if platform.call[json] {
      let line: JSONValue = [
        "v": 1, "event": "platform-ids", "datasets": .object(ids.mapValues(JSONValue.string)),
      ]
      try platform.output.data(line.canonicalText() + "\n")
    } else {
      for (role, id) in ids.sorted(by: { $0.key < $1.key }) {
        try platform.output.data(Text.pad(role, 12) + " \(id)\n")
      }
    }
    return ExitCode.success
  }
}
