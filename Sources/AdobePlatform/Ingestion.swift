// Batch ingestion: a file becomes a batch of a data set, once, also when it is killed on the way.
import Content
import FileTools
import HTTP

/// The formats that batches take.
package enum IngestedFormat: String, Sendable, CaseIterable {
  /// One object a line.
  case json
  case parquet
  case csv
}

/// A batch that did not succeed.
package struct FailedBatch: Error, Hashable, CustomStringConvertible {
  package let batch: String
  package let dataset: String
  package let status: String
  package let errors: String

  package var description: String {
    "batch \(batch) of the data set \(dataset) ended '\(status)'"
      + (errors.isEmpty ? "" : ": \(errors)")
      + "; see it under Monitoring in the platform's user interface; the next run sends it again as a "
      + "new batch"
  }
}

/// Sends files into data sets.
package struct Ingestion: Sendable {
  package let client: PlatformClient
  /// Bytes of a file that goes in one request, and of a part of a larger one.
  package var partSize: Int64 = 256 << 20
  static let root = "/data/foundation/import/batches"
  /// Batches of one name that may end badly before nothing more is sent.
  static let mostAttempts = 20

  package init(_ client: PlatformClient) { self.client = client }

  private var catalog: Catalog { Catalog(client) }

  /// Makes a batch of a file and waits until its rows are in the data set.
  ///
  /// A batch is known by its external id, `name` (`name-2` after a failed one), which is looked for before
  /// one is made. Killed at any point, the next call goes on: it looks at the batch that is there, sends
  /// the file again where the batch is still open, and waits. Throws `FailedBatch` and `WaitEnded`.
  package func loadBatch(
    name: String, dataset: String, file: String, format: IngestedFormat, intent: IntentFile
  ) throws -> Batch {
    let begun = try begin(name, dataset, format, intent)
    var batch = begun.batch
    if Self.isOpen(batch) {
      try send(file, batch.id, dataset, "\(name).\(format.rawValue)")
      try intent.save(Intent(phase: "filled", ids: begun.ids))
      try complete(batch.id)
    }
    try intent.save(Intent(phase: "completed", ids: begun.ids))
    do {
      batch = try ended(batch.id, dataset)
    } catch let failure as FailedBatch {
      try intent.save(Intent(phase: "failed", ids: begun.ids))
      throw failure
    }
    try intent.save(Intent(phase: "done", ids: begun.ids))
    return batch
  }

  /// Whether files may be put into a batch.
  private static func isOpen(_ batch: Batch) -> Bool { batch.status == "loading" }

  /// The batch of that name, made where there is none, and what the intent says of it.
  private func begin(
    _ name: String, _ dataset: String, _ format: IngestedFormat, _ intent: IntentFile
  ) throws -> (batch: Batch, ids: [String: String]) {
    let known = try intent.load()
    var attempt = known?.ids["attempt"].flatMap { Int($0) } ?? 1
    attempt = min(max(attempt, 1), Self.mostAttempts)
    if known?.phase == "failed" { attempt += 1 }
    while attempt <= Self.mostAttempts {
      let external = attempt == 1 ? name : "\(name)-\(attempt)"
      var ids = ["attempt": "\(attempt)", "externalId": external]
      try intent.save(Intent(phase: "asked", ids: ids))
      let batch = try client.once {
        try find(external, known?.ids["batch"], dataset)
      } make: {
        do {
          return try make(external, dataset, format)
        } catch {
          // Another process was first with this name.
          guard let fault = error as? PlatformFault, fault.status == 409,
            let other = try find(external, nil, dataset)
          else { throw error }
          return other
        }
      }
      if !batch.hasFailed {
        ids["batch"] = batch.id
        try intent.save(Intent(phase: "made", ids: ids))
        return (batch, ids)
      }
      attempt += 1
    }
    throw FailedBatch(
      batch: name, dataset: dataset, status: "failed",
      errors: "\(Self.mostAttempts) batches of this name failed; nothing more is sent")
  }

  /// The batch of an external id; the one that the intent names is asked for itself, since a list may lag
  /// behind.
  private func find(
    _ external: String, _ remembered: String?, _ dataset: String
  ) throws -> Batch? {
    var found = try catalog.batches(externalID: external)
    if found.isEmpty, let remembered, let batch = try catalog.batch(remembered),
      batch.json["externalId"]?.string == external
    {
      found = [batch]
    }
    guard let batch = found.first(where: { !$0.hasFailed }) ?? found.first else { return nil }
    guard batch.datasets.isEmpty || batch.datasets.contains(dataset) else {
      throw FailedBatch(
        batch: batch.id, dataset: dataset, status: batch.status,
        errors: "it is of the data set \(batch.datasets.joined(separator: ", "))")
    }
    return batch
  }

  private func make(
    _ external: String, _ dataset: String, _ format: IngestedFormat
  ) throws -> Batch {
    var input: [String: JSONValue] = ["format": .string(format.rawValue)]
    if format == .json { input["isMultiLineJson"] = false }
    let answer = try client.post(
      Self.root, [],
      [
        "datasetId": .string(dataset), "externalId": .string(external),
        "inputFormat": .object(input),
      ])
    guard let id = answer["id"]?.string, PlatformID.isValid(id) else {
      throw UnexpectedAnswer("POST \(Self.root)", expected: "id of the batch")
    }
    // The answer tells `loading`, or nothing of the state.
    return Batch(
      id: id, json: ["status": .string(answer["status"]?.string ?? "loading")])
  }

  /// Sends a file, unless another process has closed the batch with the same bytes meanwhile.
  private func send(_ file: String, _ batch: String, _ dataset: String, _ name: String) throws {
    do {
      try put(file, batch, dataset, name)
    } catch {
      guard let fault = error as? PlatformFault, fault.status == 400,
        let found = try catalog.batch(batch), !Self.isOpen(found)
      else { throw error }
    }
  }

  /// Sends a file; one that is there is replaced.
  private func put(_ file: String, _ batch: String, _ dataset: String, _ name: String) throws {
    guard let status = try FileStatus(file, followingLinks: true), status.kind == .file else {
      throw FileError.unsuitable(path: file, found: "no file", expected: "a file to send")
    }
    let path =
      "\(Self.root)/\(pathPart(batch))/datasets/\(pathPart(dataset))/files/\(pathPart(name))"
    let size = status.identity.size
    guard size > partSize else {
      _ = try client.upload(PlatformRequest("PUT", path), file: file)
      return
    }
    try putParts(file, path, size)
  }

  /// A large file in parts; parts that were received before are not sent again.
  private func putParts(_ file: String, _ path: String, _ size: Int64) throws {
    var done = try received(path, size)
    if done == nil {
      try client.post(path, [QueryItem("action", "INITIALIZE")], isRepeatable: true)
      done = 0
    }
    var start = done ?? 0
    while start < size {
      let count = min(partSize, size - start)
      var request = PlatformRequest("PATCH", path, isRepeatable: true)
      request.fields = [
        HTTPField("Content-Range", "bytes \(start)-\(start + count - 1)/\(size)")
      ]
      _ = try client.upload(request, file: file, offset: start, count: count)
      start += count
    }
    try client.post(path, [QueryItem("action", "COMPLETE")], isRepeatable: true)
  }

  /// How many bytes of a large file are there from its beginning on; nil where it was never begun.
  private func received(_ path: String, _ size: Int64) throws -> Int64? {
    do {
      var request = PlatformRequest("HEAD", path)
      request.contentType = "application/json"
      let head = try client.send(request) { MemorySink(limit: PlatformClient.answerLimit) }
      // `bytes=0-1023`; without it nothing was received.
      let last = head["Range"]?.split(separator: "-").last.flatMap { Int64($0) }
      return last.map { min(max($0, -1), size - 1) + 1 } ?? 0
    } catch {
      guard let fault = error as? PlatformFault, fault.status == 404 else { throw error }
      return nil
    }
  }

  /// Says that a batch has all its files; accepted again as long as it is not ended.
  private func complete(_ batch: String) throws {
    do {
      try client.post(
        "\(Self.root)/\(pathPart(batch))", [QueryItem("action", "COMPLETE")], isRepeatable: true)
    } catch {
      // An answer that was lost, and the batch is no longer open: what was asked for has happened.
      guard let fault = error as? PlatformFault, fault.status == 400,
        let found = try catalog.batch(batch), !Self.isOpen(found)
      else { throw error }
    }
  }

  /// The batch at its end.
  private func ended(_ id: String, _ dataset: String) throws -> Batch {
    try client.wait(for: "batch \(id) of the data set \(dataset)") {
      guard let batch = try catalog.batch(id) else { return .waiting("not listed yet") }
      if batch.hasSucceeded {
        guard batch.failedRecords == 0 else {
          throw FailedBatch(
            batch: id, dataset: dataset, status: "success",
            errors: "\(batch.failedRecords) of its records were left out")
        }
        guard batch.records != nil else { return .waiting("success without a record count") }
        return .done(batch)
      }
      guard !batch.hasFailed else {
        throw FailedBatch(
          batch: id, dataset: dataset, status: batch.status, errors: batch.errors)
      }
      return .waiting(batch.status)
    }
  }
}
