// The models that recorded runs made, as entries of the registry. It decides nothing about them.
import Content
import FileTools
import Inspection
import LocalStores
import Models
import Planning
import Project
import RemoteCache
import Terminal

/// Finds the models of runs.
///
/// The model of a run is what no other step makes a further model of: of many trials it is the chosen one.
package struct RecordedModels {
  package static let mediaType = "application/vnd.xgboost.ubj"
  /// Bytes of the largest document that is read for its numbers.
  private static let largest: Int64 = 1 << 20
  /// Numbers of a document that says more than what a model is worth.
  private static let mostNumbers = 100
  private static let longestLabel = 200

  private let catalogue: RunCatalogue
  private let results: KnownResults

  /// The models of the runs of a catalogue.
  package init(_ catalogue: RunCatalogue) {
    self.catalogue = catalogue
    results = KnownResults(catalogue.store, catalogue.shared)
  }

  /// An entry for each model, from the newest run that holds it, newest first.
  ///
  /// `most` runs are read; of one workshop only, where it is named.
  package func entries(workshop: String?, most: Int) throws -> [ModelEntry] {
    var seen: Set<Digest> = []
    var entries: [ModelEntry] = []
    var read = 0
    for id in try catalogue.names() where read < most {
      guard let record = try catalogue.read(id), record.series == record.workshop,
        workshop.map({ $0 == record.workshop }) ?? true
      else { continue }
      read += 1
      for entry in try self.entries(of: record, id) where seen.insert(entry.model.digest).inserted {
        entries.append(entry)
      }
    }
    return entries
  }

  /// The models of a run.
  package func entries(of record: RunRecord, _ id: RunID) throws -> [ModelEntry] {
    let run = try RunSteps(record, results)
    func models(_ step: RunStep) -> [(name: String, record: OutputRecord)] {
      step.result.outputs.filter { $0.value.mediaType == Self.mediaType }
        .map { (name: $0.key, record: $0.value) }.sorted { $0.name < $1.name }
    }
    let makers = run.steps.values.filter { !models($0).isEmpty }.sorted { $0.name < $1.name }
    let last = makers.filter { step in
      let own = Set(step.result.outputs.values.map(\.digest))
      return !makers.contains { $0.name != step.name && !$0.inputs.isDisjoint(with: own) }
    }
    // Numbered ones, such as those of folds, are there to measure the one without a number.
    let whole = last.filter { Text.withoutNumber($0.name) == $0.name }
    return try (whole.isEmpty ? last : whole).flatMap { step in
      try models(step).map { try entry($0.record, $0.name, of: step, run, id) }
    }
  }

  private func entry(
    _ model: OutputRecord, _ output: String, of step: RunStep, _ run: RunSteps, _ id: RunID
  ) throws -> ModelEntry {
    var figures: [String: [String: Double]] = [:]
    var keys: [String: ActionKey] = [:]
    let readers = run.readers(of: model.digest).filter { $0.name != step.name }
    for reader in [step] + readers {
      for (name, record) in reader.result.outputs {
        guard let numbers = try numbers(of: record), !numbers.isEmpty else { continue }
        figures["\(reader.name).\(name)"] = numbers
        keys["\(reader.name).\(name)"] = reader.result.key
      }
    }
    let (steps, sources) = try run.ancestry(of: step)
    return ModelEntry(
      model: model, workshop: run.record.workshop, step: step.name, output: output,
      key: step.result.key, run: id, madeAt: step.result.startedAt,
      seconds: step.result.seconds, platform: step.document.platform,
      labels: try labels(of: step), figures: figures, figureKeys: keys, steps: steps,
      sources: sources, settings: run.record.json["settings"] ?? [:])
  }

  /// The numbers of a JSON document, or of a table with one row; nil for anything else.
  private func numbers(of record: OutputRecord) throws -> [String: Double]? {
    guard record.kind == .file, record.size <= Self.largest,
      record.mediaType.hasSuffix("json") || record.mediaType == "text/csv"
    else { return nil }
    let bytes = try self.bytes(of: record)
    let values: [(name: String, text: String)]
    if record.mediaType.hasSuffix("json") {
      guard let document = try? JSONValue(parsing: bytes) else { return nil }
      values = JSONLines.numbers(document)
    } else {
      let table = Table(csv: bytes)
      guard table.rows.count == 1 else { return nil }
      values = table.numbers(keyedLike: table)
    }
    guard values.count <= Self.mostNumbers else { return nil }
    return Dictionary(
      values.compactMap { value in
        Double(value.text).flatMap { $0.isFinite ? (value.name, $0) : nil }
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The short texts of the documents that the model's own step wrote, such as name, version and stage.
  private func labels(of step: RunStep) throws -> [String: String] {
    var labels: [String: String] = [:]
    for (_, record) in step.result.outputs.sorted(by: { $0.key < $1.key })
    where record.kind == .file && record.mediaType.hasSuffix("json") && record.size <= Self.largest
    {
      let document = try? JSONValue(parsing: bytes(of: record))
      for (name, value) in document?.object ?? [:] {
        guard let text = value.string, text.utf8.count <= Self.longestLabel else { continue }
        labels[name] = text
      }
    }
    return labels
  }

  private func bytes(of record: OutputRecord) throws -> [UInt8] {
    try catalogue.shared?.fetch(record)
    return try FileSystem.read(catalogue.store.layout.blob(record.digest))
  }
}
