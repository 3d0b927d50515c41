// Data Access: the files of batches, whole or from where a download broke off.
import CSystem
import Content
import FileTools
import HTTP

/// A file of a batch.
package struct BatchFile: Hashable, Sendable {
  /// The id of the group of files that it is in.
  package let fileID: String
  /// Its name in that group, which may have slashes in it.
  package let name: String
  /// Bytes.
  package let length: Int64

  package init(fileID: String, name: String, length: Int64) {
    self.fileID = fileID
    self.name = name
    self.length = length
  }
}

/// Reads the files of batches.
package struct DataAccess: Sendable {
  package let client: PlatformClient
  static let root = "/data/foundation/export"
  /// Bytes of one file; Adobe's own limit for a batch is 100 GB.
  static let largest: Int64 = 1 << 40

  package init(_ client: PlatformClient) { self.client = client }

  /// The files of a batch in the order of their names.
  package func files(ofBatch id: String) throws -> [BatchFile] {
    let path = "\(Self.root)/batches/\(pathPart(id))/files"
    var files: [BatchFile] = []
    for group in try client.linkedEntries(path, list: "data") {
      guard let fileID = group["dataSetFileId"]?.string, PlatformID.isValid(fileID) else {
        throw UnexpectedAnswer("GET \(path)", expected: "dataSetFileId")
      }
      let inner = "\(Self.root)/files/\(fileID)"
      for file in try client.linkedEntries(inner, list: "data") {
        guard let name = file["name"]?.string, !name.isEmpty,
          let length = file["length"]?.integer(in: 0...Self.largest)
        else { throw UnexpectedAnswer("GET \(inner)", expected: "name and length of each file") }
        files.append(BatchFile(fileID: fileID, name: name, length: length))
      }
    }
    return files.sorted { ($0.name, $0.fileID) < ($1.name, $1.fileID) }
  }

  /// Writes a file of a batch to a path; a download that breaks off goes on where it was.
  ///
  /// Bytes of another count than the listed one are an error, and so is a server that sends other bytes
  /// than it was asked for.
  package func download(_ file: BatchFile, to path: String) throws {
    let descriptor = cs_open_write(path, 0, 0o666)
    guard descriptor >= 0 else { throw Disk.failure("write", path) }
    defer { cs_close(descriptor) }
    guard cs_truncate(descriptor) == 0 else { throw Disk.failure("write", path) }
    let attempts = Attempts(
      retries: client.retries, timing: client.timing, isCancelled: client.isCancelled)
    var done: Int64 = 0
    while done < file.length {
      let before = done
      try attempts.run { _ in
        try part(file, descriptor, path, &done)
      }
      guard done > before else {
        throw UnexpectedAnswer("GET \(place(file))", expected: "\(file.length) bytes")
      }
    }
  }

  private func place(_ file: BatchFile) -> String { "\(Self.root)/files/\(file.fileID)" }

  /// One exchange from byte `done` on, which moves on with what came, also where the answer broke off.
  private func part(
    _ file: BatchFile, _ descriptor: Int32, _ path: String, _ done: inout Int64
  ) throws {
    var request = PlatformRequest(
      "GET", place(file), query: [QueryItem("path", file.name)], isRepeatable: false)
    request.accept = "*/*"
    let start = done
    if start > 0 {
      request.fields = [HTTPField("Range", "bytes=\(start)-\(file.length - 1)")]
    }
    let shown = request.shown
    let sink = try FileSink(
      descriptor: descriptor, path: path, offset: start, limit: file.length - start, hashing: false
    ) { head in
      guard start > 0 else { return }
      guard head.status == 206, head["Content-Range"]?.hasPrefix("bytes \(start)-") == true else {
        throw UnexpectedAnswer(shown, expected: "bytes from \(start) on")
      }
    }
    defer { done = start + sink.count }
    do {
      try client.send(request) { sink }
    } catch let failure as TransportFailure {
      try sink.flush()
      throw failure
    }
  }
}
