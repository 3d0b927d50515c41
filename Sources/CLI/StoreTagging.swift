// `atelier store tag` and `untag`: names of runs whose results are kept.
import Content
import Engine
import LocalStores

enum StoreTagging {
  /// Lists the tags, or sets one to a run, the newest where none is given.
  static func tag(_ call: StoreCall) throws -> Int32 {
    guard call.words.count <= 2 else {
      throw UsageError("`atelier store tag` takes a name and a run; see `atelier store --help`")
    }
    let session = try call.session()
    guard let name = call.words.first else { return try list(call, session) }
    guard StoreTags.isValid(name) else {
      throw UsageError(
        "'\(name)' is no name of a tag: letters, digits, '.', '_' and '-', the first no '.'")
    }
    let store = try session.store(readOnly: false)
    defer { try? store.close() }
    let runs = try store.runs.list()
    let run: RunID
    if call.words.count == 2 {
      guard let found = RunID(call.words[1]), runs.contains(found) else {
        throw UsageError(
          "there is no run '\(call.words[1])'."
            + Suggestion.text(for: call.words[1], among: runs.map(\.description))
            + " `atelier list runs` shows all.")
      }
      run = found
    } else {
      let newest = try runs.first { id in
        try store.runs.read(id).flatMap(RunRecord.init)?.series == session.workshop.name
      }
      guard let newest else {
        throw UsageError("there is no run of \(session.workshop.name) to tag; run it first")
      }
      run = newest
    }
    try StoreTags(store).set(name, to: run)
    try say(call, name, run)
    return ExitCode.fine
  }

  static func untag(_ call: StoreCall) throws -> Int32 {
    guard let name = call.words.first, call.words.count == 1 else {
      throw UsageError("`atelier store untag` takes the name of a tag")
    }
    let store = try call.session().store(readOnly: false)
    defer { try? store.close() }
    let tags = StoreTags(store)
    guard try StoreTags.isValid(name) && tags.remove(name) else {
      throw UsageError(
        "there is no tag '\(name)'."
          + Suggestion.text(for: name, among: try tags.all().keys.sorted()))
    }
    if call.isJSON { try call.event("untag", ["tag": .string(name)]) }
    return ExitCode.fine
  }

  private static func list(_ call: StoreCall, _ session: Session) throws -> Int32 {
    let tags = try StoreTags(try session.store(readOnly: true)).all()
    for (name, run) in tags.sorted(by: { $0.key < $1.key }) { try say(call, name, run) }
    return ExitCode.fine
  }

  private static func say(_ call: StoreCall, _ name: String, _ run: RunID) throws {
    if call.isJSON {
      try call.event("tag", ["tag": .string(name), "run": .string(run.description)])
    } else {
      Console.data("\(Text.pad(name, 24)) \(run)\n")
    }
  }
}
