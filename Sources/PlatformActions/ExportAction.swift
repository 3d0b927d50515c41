// Exports a version by a data flow, and takes the files that it wrote.
import AdobePlatform
import AtelierStep
import DataFlows

/// One export of the data set of a version to the bucket.
struct ExportAction {
  private let call: ActionCall
  private let effect: IntentFile

  init(_ call: ActionCall, _ effect: IntentFile) {
    self.call = call
    self.effect = effect
  }

  func run() throws {
    let version = try call.present("version")
    let (services, storage) = (call.services, call.services.storage)
    let place = StoragePlace(
      bucket: try call.text("bucket"), prefix: try call.text("prefix"))
    let flows = ExportFlows(services.client)
    let target = try flows.deploy(place, storage.accessKeys())
    let flow = try flows.flow(of: version.dataset, to: target)
    let run = try flows.export(
      dataset: version.dataset, flow: flow, records: version.records, intent: effect)
    guard let count = run.files, count > 0 else {
      throw StepFailure("the run \(run.id) of the flow \(flow) says nothing of its files")
    }
    let found = ExportedFiles.newest(
      of: version.dataset, below: place,
      keys: try storage.keys(
        below: StoragePlace(
          bucket: place.bucket,
          prefix: place.key(version.dataset))),
      files: count, sinceMilliseconds: run.started ?? run.created)
    guard let found else {
      throw StepFailure(
        "the run \(run.id) of the flow \(flow) wrote \(count) files of \(version.dataset), and no export "
          + "of so many lies in s3://\(place.bucket)/\(place.prefix); check the flow's bucket and prefix"
      )
    }
    let folder = try call.output("files")
    for (number, key) in found.keys.enumerated() {
      try storage.fetch(key, of: place, to: "\(folder)/\(ActionCall.part(number))")
    }
    call.log("\(version.dataset): \(found.keys.count) files of exportTime=\(found.time)")
  }
}
