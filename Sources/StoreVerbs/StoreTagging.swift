// `atelier store tag` and `untag`: names of runs whose results are kept.
import CommandLine
import Content
import LocalStores
import Project
import StoreMaintenance
import Terminal

struct StoreTag: Verb {
  let name = "tag"
  let summary = "name a run, so that gc keeps its results; without a name list the tags"
  let details = "RUN is named as for `atelier diff`; the newest run of the workshop unless given."
  let examples = [
    Example("atelier store tag before-rewrite", "keep what the last run holds"),
    Example("atelier store tag good latest~2", "an earlier run"),
  ]
  let tag = Argument("NAME", count: 0...1, completion: .named("tags"))
  let target = Argument("RUN", count: 0...1, completion: .named("latest-runs"))
  let json = Shared.json

  var parameters: [any Parameter] { [tag, target, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let (session, runs) = try Session.open(call, runs: call[target], context)
    let name = call[tag].first
    let call = StoreCall(call: call, context: context, isJSON: call[json])
    guard let name else { return try Self.list(call, session) }
    guard StoreTags.isValid(name) else {
      throw UsageError(
        "'\(name)' is not a valid tag: use letters, digits, '.', '_' and '-', and do not begin "
          + "with '.'")
    }
    let store = try session.store(readOnly: false)
    defer { try? store.close() }
    let catalogue = RunCatalogue(
      store: store, shared: try session.remote(store, RemoteUse())?.shared,
      workshop: session.workshop.name)
    let record = try catalogue.record(runs.first ?? "latest")
    guard let run = RunID(record.id), try store.runs.list().contains(run) else {
      throw UsageError(
        "the run \(record.id) is in the shared store only; `atelier store pull\(session.option)` fetches it"
      )
    }
    try StoreTags(store).set(name, to: run)
    try Self.show(call, name, run)
    return ExitCode.success
  }

  private static func list(_ call: StoreCall, _ session: Session) throws -> Int32 {
    let tags = try StoreTags(try session.store(readOnly: true)).all()
    for (name, run) in tags.sorted(by: { $0.key < $1.key }) { try show(call, name, run) }
    return ExitCode.success
  }

  private static func show(_ call: StoreCall, _ name: String, _ run: RunID) throws {
    if call.isJSON {
      try call.event("tag", ["tag": .string(name), "run": .string(run.description)])
    } else {
      try call.output.data("\(Text.pad(name, 24)) \(run)\n")
    }
  }
}

struct StoreUntag: Verb {
  let name = "untag"
  let summary = "remove the name of a run"
  let tag = Argument("NAME", completion: .named("tags"))
  let json = Shared.json

  var parameters: [any Parameter] { [tag, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let name = try call.word(tag)
    let call = StoreCall(call: call, context: context, isJSON: call[json])
    let store = try call.session().store(readOnly: false)
    defer { try? store.close() }
    let tags = StoreTags(store)
    guard try StoreTags.isValid(name) && tags.remove(name) else {
      throw UsageError(
        "there is no tag '\(name)'."
          + Suggestion.text(for: name, among: try tags.all().keys.sorted()))
    }
    if call.isJSON { try call.event("untag", ["tag": .string(name)]) }
    return ExitCode.success
  }
}
