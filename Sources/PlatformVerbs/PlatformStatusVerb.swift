// `atelier aep status`: what is there, what is missing, what differs.
import CommandLine
import Content
import Project
import SchemaRegistry
import Terminal

struct PlatformStatus: Verb {
  let name = "status"
  let summary = "show what is there, missing or different"
  let details = "Exits 3 when something is missing or differs."
  let examples = [Example("atelier aep status --json", "a line for each thing")]
  let json = Shared.json

  var parameters: [any Parameter] { [json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try PlatformCall.run(call, context) { platform in
      let things = try platform.deployment().status()
      for thing in things { try print(thing, platform) }
      return things.allSatisfy { $0.state == .present } ? ExitCode.success : ExitCode.outOfDate
    }
  }

  private func print(_ thing: DeployedThing, _ platform: PlatformCall) throws {
    if platform.call[json] {
      let line: JSONValue = [
        "v": 1, "event": "platform-object", "kind": .string(thing.kind),
        "name": .string(thing.name),
        "state": .string(thing.state.rawValue), "detail": .string(thing.detail),
      ]
      try platform.output.data(line.canonicalText() + "\n")
      return
    }
    let detail = thing.detail.isEmpty ? "" : "  \(thing.detail)"
    try platform.output.data(
      "\(Text.pad(thing.state.rawValue, 9)) \(Text.pad(thing.kind, 20)) \(thing.name)\(detail)\n")
  }
}
