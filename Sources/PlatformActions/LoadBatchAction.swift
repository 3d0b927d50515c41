// Gives a data set one batch.
import AdobePlatform
import AtelierStep

/// Loads a file as one batch and says which batch holds it.
struct LoadBatchAction {
  private let call: ActionCall
  private let effect: IntentFile

  init(_ call: ActionCall, _ effect: IntentFile) {
    self.call = call
    self.effect = effect
  }

  func run() throws {
    let dataset = try call.text("dataset")
    guard let format = IngestedFormat(rawValue: try call.text("format")) else {
      throw StepFailure("a batch is json, parquet or csv, not '\(try call.text("format"))'")
    }
    _ = try GivenDataSet.find(call)
    let batch = try Ingestion(call.services.client).loadBatch(
      name: effect.name, dataset: dataset, file: call.path("file"), format: format, intent: effect)
    let version = DataSetVersion(
      call.services.client.settings, dataset: dataset,
      batches: [DataSetVersion.Batch(id: batch.id, records: batch.records ?? 0)])
    call.log("batch \(batch.id) of \(dataset): \(batch.records ?? 0) records")
    try call.write(version, to: "version")
  }
}
