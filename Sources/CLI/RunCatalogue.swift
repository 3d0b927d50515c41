// Finds a run by what a person calls it. It reads records and no bytes of artifacts.
import Content
import Engine
import LocalStores
import RemoteCache

/// The runs of a store and of the one that machines share.
struct RunCatalogue {
  let store: LocalStore
  let shared: SharedStore?
  /// Of which `latest` is the newest run.
  let workshop: String

  /// A run by its id, the beginning of one, `latest`, or `latest~N` for the N-th before it.
  ///
  /// Throws `UsageError` where no run, or more than one, answers to that.
  func record(_ reference: String) throws -> RunRecord {
    if let age = Self.age(reference) { return try newest(age, reference) }
    if let id = RunID(reference), let record = try read(id) { return record }
    let found = try names().filter { !reference.isEmpty && $0.description.hasPrefix(reference) }
    guard found.count < 2 else {
      let shown = found.prefix(3).map(\.description).joined(separator: ", ")
      throw UsageError(
        "\(found.count) runs begin with '\(reference)' (\(shown)\(found.count > 3 ? ", ..." : "")); "
          + "write more of the one you mean")
    }
    guard let id = found.first, let record = try read(id) else {
      throw UsageError("there is no run '\(reference)'; `atelier list runs` shows them")
    }
    return record
  }

  /// 0 for `latest`, N for `latest~N`, nil for anything else.
  static func age(_ reference: String) -> Int? {
    if reference == "latest" { return 0 }
    guard reference.hasPrefix("latest~"), let age = Int(reference.dropFirst(7)), age >= 0 else {
      return nil
    }
    return age
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
        + "workshop \(workshop); a run in which nothing was new leaves no record")
  }

  /// All names, newest first; those of other machines cost a listing.
  private func names() throws -> [RunID] {
    let others = shared?.records(since: Timestamp(milliseconds: 0)) ?? []
    return try Set(store.runs.list()).union(others).sorted(by: >)
  }

  private func read(_ id: RunID) throws -> RunRecord? {
    try (store.runs.read(id) ?? shared?.record(id)).flatMap(RunRecord.init)
  }

  /// A run and those of its workshop before it, newest first, at most so many.
  func history(of record: RunRecord, count: Int) throws -> [RunRecord] {
    var history = [record]
    for id in try names() where id.description < record.id {
      if history.count >= count { break }
      if let earlier = try read(id), earlier.workshop == record.workshop { history.append(earlier) }
    }
    return history
  }

  /// The key document of a step of a run; nil where its result is gone here and there.
  func document(of step: StepRecord) -> JSONValue? {
    if let document = step.document { return document }
    guard let key = step.key else { return nil }
    return (try? store.actions.lookup(key))?.keyDocument ?? shared?.keyDocument(key)
  }
}
