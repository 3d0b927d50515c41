// The outputs that steps had in the runs before this one. It reads records, never bytes.
import Content
import Execution
import LocalStores

/// What earlier runs of a workshop made, newest first.
///
/// Make it before a run starts; records are read when they are asked for.
package final class PreviousOutputs {
  private let runs: RunStore
  private let workshop: String
  private var pending: [RunID]
  private var loaded: [RunRecord] = []

  /// The records that are there now.
  package init(workshop: String, environment: EngineEnvironment) throws {
    self.workshop = workshop
    runs = environment.store.runs
    pending = try runs.list()
  }

  /// The outputs of a step in the newest record that holds some, and that run's id.
  package func outputs(of step: String) -> (run: String, digests: [String: Digest])? {
    var position = 0
    while let record = record(at: position) {
      let outputs = record.json["steps"]?[step]?["outputs"]?.object ?? [:]
      let digests = outputs.compactMapValues { $0["digest"]?.string.flatMap { Digest($0) } }
      if !digests.isEmpty { return (record.id, digests) }
      position += 1
    }
    return nil
  }

  /// The recorded settings of a run that `outputs(of:)` named.
  package func settings(of run: String) -> JSONValue? {
    loaded.first { $0.id == run }?.json["settings"]
  }

  private func record(at position: Int) -> RunRecord? {
    while loaded.count <= position, let id = pending.first {
      pending.removeFirst()
      guard let json = try? runs.read(id), let record = RunRecord(json: json),
        record.series == workshop
      else { continue }
      loaded.append(record)
    }
    return position < loaded.count ? loaded[position] : nil
  }
}
