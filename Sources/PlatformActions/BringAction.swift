// Brings the files of a version.
import AdobePlatform
import AtelierStep
import FileTools

/// Downloads every file of every batch of a version.
struct BringAction {
  private let call: ActionCall

  init(_ call: ActionCall) { self.call = call }

  func run() throws {
    let version = try call.joined("version")
    guard try call.services.holds(version) else {
      throw StepFailure(
        "the data set \(version.dataset) has other batches by now, or is gone; run again to make it anew"
      )
    }
    let access = DataAccess(call.services.client)
    let folder = try call.output("files")
    var number = 0
    for batch in version.batches {
      for file in try access.files(ofBatch: batch.id) where file.length > 0 {
        try access.download(file, to: "\(folder)/\(ActionCall.part(number))")
        number += 1
      }
    }
    call.log("\(version.dataset): \(number) files of \(version.batches.count) batches")
  }
}
