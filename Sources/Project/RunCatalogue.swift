// Finds a run by what a person calls it. It reads records and no bytes of artifacts.
import CommandLine
import Content
import LocalStores
import Planning
import RemoteCache
import StoreMaintenance
import Terminal

/// The runs of a store and of the one that machines share.
package struct RunCatalogue {
  package let store: LocalStore
  package let shared: SharedStore?
  /// Of which `latest` is the newest run.
  package let workshop: String

  package init(store: LocalStore, shared: SharedStore?, workshop: String) {
    self.store = store
    self.shared = shared
    self.workshop = workshop
  }

  /// A run by its id, the beginning of one, `latest`, `latest~N` for the N-th before it, or a tag.
  ///
  /// Throws `UsageError` where no run, or more than one, has that name.
  package func record(_ reference: String) throws -> RunRecord {
    if let age = RunReference.age(reference) { return try newest(age, reference) }
    if let id = RunID(reference), let record = try read(id) { return record }
    let tags = try StoreTags(store).all()
    if let id = tags[reference] {
      guard let record = try read(id) else {
        throw UsageError("the tag '\(reference)' names the run \(id), whose record is gone")
      }
      return record
    }
    let found = try names().filter { !reference.isEmpty && $0.description.hasPrefix(reference) }
    guard found.count < 2 else {
      let shown = found.prefix(3).map(\.description).joined(separator: ", ")
      throw UsageError(
        "\(found.count) runs begin with '\(reference)' (\(shown)\(found.count > 3 ? ", ..." : "")); "
          + "write more of the one you mean")
    }
    guard let id = found.first, let record = try read(id) else {
      throw UsageError(
        "there is no run '\(reference)'."
          + Suggestion.text(for: reference, among: tags.keys.sorted() + ["latest"])
          + " `atelier list runs -w \(workshop)` lists them.")
    }
    return record
  }

  private func newest(_ age: Int, _ reference: String) throws -> RunRecord {
    var left = age
    for id in try names() {
      guard let record = try read(id), record.series == workshop else { continue }
      if left == 0 { return record }
      left -= 1
    }
    throw UsageError(
      "there is no run '\(reference)': the store has \(Text.count(age - left, "run")) of the "
        + "workshop \(workshop), and -w names another one; runs that change nothing are not recorded"
    )
  }

  /// The ids of all runs, newest first; those of other machines cost a listing.
  package func names() throws -> [RunID] {
    let others = shared?.records(since: Timestamp(milliseconds: 0)) ?? []
    return try Set(store.runs.list()).union(others).sorted(by: >)
  }

  /// The record of an id, from here or from the shared store; nil where there is none.
  package func read(_ id: RunID) throws -> RunRecord? {
    try (store.runs.read(id) ?? shared?.record(id)).flatMap(RunRecord.init)
  }

  /// A run and those of its series before it, newest first, at most so many.
  ///
  /// A series is the runs of a workshop, or the checks against one baseline.
  package func history(of record: RunRecord, count: Int) throws -> [RunRecord] {
    var history = [record]
    for id in try names() where id.description < record.id {
      if history.count >= count { break }
      if let earlier = try read(id), earlier.workshop == record.workshop,
        earlier.series == record.series
      {
        history.append(earlier)
      }
    }
    return history
  }

  /// The key document of a step of a run; nil where its result is gone here and there.
  package func document(of step: StepRecord) -> JSONValue? {
    if let document = step.document { return document }
    guard let key = step.key else { return nil }
    return (try? store.actions.lookup(key))?.keyDocument ?? shared?.keyDocument(key)
  }
}
