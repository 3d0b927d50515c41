// Brings the files of a version.
import AdobePlatform
import AtelierStep

/// Downloads every file of every batch of a version.
struct BringAction {
  private let call: ActionCall

  init(_ call: ActionCall) { self.call = call }

  func run() throws {
    let version = try call.present("version")
    let access = DataAccess(call.services.client)
    let folder = try call.output("files")
    var number = 0
    var rows: Int64 = 0
    for batch in version.batches {
      for file in try access.files(ofBatch: batch.id) where file.length > 0 {
        let path = "\(folder)/\(ActionCall.part(number))"
        try access.download(file, to: path)
        rows += try ParquetRows.count(ofFile: path, called: file.name)
        number += 1
      }
    }
    guard rows == version.records else {
      throw StepFailure(
        "the data set \(version.dataset) has \(version.records) records in Catalog, and its \(number) files "
          + "have \(rows) rows; nothing was kept: run again in some minutes, and if it stays so, delete the "
          + "data set, so that it is made anew")
    }
    call.log("\(version.dataset): \(number) files of \(version.batches.count) batches")
  }
}
