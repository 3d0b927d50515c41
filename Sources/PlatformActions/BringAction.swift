// Brings the files of a version.
import AdobePlatform
import AtelierStep
import CSystem
import FileTools

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Downloads every file of every batch of a version.
struct BringAction {
  private let call: ActionCall

  init(_ call: ActionCall) { self.call = call }

  /// The rows that the footer of a Parquet file states.
  private static func rows(of path: String, _ name: String) throws -> Int64 {
    func refusal() -> StepFailure {
      StepFailure("the platform's file '\(name)' is no Parquet file")
    }
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else { throw Disk.failure("read", path) }
    defer { cs_close(descriptor) }
    guard let size = try FileStatus(path, followingLinks: false)?.identity.size, size > 12,
      let tail = read(descriptor, at: size - 8, 8), tail[4...].elementsEqual(Array("PAR1".utf8))
    else { throw refusal() }
    let length = tail[..<4].reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
    // A footer has some hundred bytes a column and row group.
    guard length > 0, length <= min(size - 12, 64 << 20),
      let footer = read(descriptor, at: size - 8 - length, Int(length)),
      let rows = try? ParquetRows.count(inFooter: footer)
    else { throw refusal() }
    return rows
  }

  private static func read(_ descriptor: Int32, at offset: Int64, _ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes.withUnsafeMutableBytes {
        pread(
          descriptor, $0.baseAddress?.advanced(by: done), count - done, off_t(offset) + off_t(done))
      }
      guard got > 0 else { return nil }
      done += got
    }
    return bytes
  }

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
    var rows: Int64 = 0
    for batch in version.batches {
      for file in try access.files(ofBatch: batch.id) where file.length > 0 {
        let path = "\(folder)/\(ActionCall.part(number))"
        try access.download(file, to: path)
        rows += try Self.rows(of: path, file.name)
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
