// Batches: sent once whatever breaks, waited for to their end, and their files brought whole.
import Content
import FileTools
import Foundation
import HTTP
import PlatformHarness
import Testing

@testable import AdobePlatform

@Suite(.enabled(if: PlatformSandbox.isInstalled, "\(PlatformSandbox.absence)"))
struct BatchTests {
  private let space: PlatformSpace
  private let dataset: String
  private let file: TemporaryFile
  private let name = "atelier-0123456789abcdef"
  private static let made = "POST /data/foundation/import/batches"
  private static let put = "PUT /data/foundation/import/batches"

  init() throws {
    space = try PlatformSandbox.shared().space()
    dataset = try space.makeDataSet()
    file = try TemporaryFile("{\"_id\":\"1\"}\n{\"_id\":\"2\"}\n{\"_id\":\"3\"}\n")
  }

  private var intent: IntentFile { IntentFile(name: name, path: file.folder + "/intent.json") }

  private func load(
    _ client: PlatformClient, changing: (inout Ingestion) -> Void = { _ in }
  ) throws -> Batch {
    var ingestion = Ingestion(client)
    changing(&ingestion)
    return try ingestion.loadBatch(
      name: name, dataset: dataset, file: file.path, format: .json, intent: intent)
  }

  private func madeBatches() throws -> Int64 {
    try space.get("counts")[Self.made]?.integer ?? 0
  }

  @Test func aFileBecomesABatch() throws {
    let batch = try load(try space.platform())
    #expect(batch.hasSucceeded && batch.records == 3)
    #expect(batch.datasets == [dataset])
    #expect(try intent.load()?.phase == "done")
    #expect(try space.violations() == [])
  }

  @Test func theSameNameIsSentOnce() throws {
    let first = try load(try space.platform())
    try intent.remove()
    #expect(try load(try space.platform()).id == first.id)
    #expect(try madeBatches() == 1)
    #expect(try space.count(Self.put) == 1)
  }

  @Test(arguments: [true, false]) func killedAnywhereItIsSentOnce(_ afterSending: Bool) throws {
    var ends = 0
    for last in 1...40 {
      let space = try PlatformSandbox.shared().space()
      let dataset = try space.makeDataSet()
      let intent = IntentFile(name: name, path: "\(file.folder)/\(afterSending)-\(last).json")
      func load(_ client: PlatformClient) throws -> Batch {
        try Ingestion(client).loadBatch(
          name: name, dataset: dataset, file: file.path, format: .json, intent: intent)
      }
      let ending = EndingTransport(
        at: last, afterSending: afterSending, CurlTransport(.service()))
      do {
        _ = try load(try space.platform(transport: ending))
        break
      } catch is Killed {
        ends += 1
      }
      let batch = try load(try space.platform())
      #expect(batch.records == 3, "killed at call \(last)")
      #expect(try space.get("counts")[Self.made]?.integer == 1, "killed at call \(last)")
      #expect(try space.violations() == [], "killed at call \(last)")
    }
    #expect(ends >= 6)
  }

  @Test func aPostThatTookEffectAndAnswered503IsFound() throws {
    try space.spoil(["match": .string(Self.made + " "), "status": 503, "effect": true])
    #expect(try load(try space.platform()).records == 3)
    #expect(try madeBatches() == 1)
  }

  @Test func aBatchThatStaysInStagingIsWaitedForAgain() throws {
    try space.turn(["batch_end": "staging"])
    let clock = TestClock()
    let ended = #expect(throws: WaitEnded.self) { _ = try load(try space.platform(clock)) }
    #expect(ended?.state == "staging" && ended?.description.contains(dataset) == true)
    #expect(clock.elapsed <= 3600)
    try space.turn(["batch_end": "success"])
    #expect(try load(try space.platform()).records == 3)
    #expect(try madeBatches() == 1)
  }

  @Test func aFailedBatchIsNamedAndSentAnewByTheNextRun() throws {
    try space.turn(["batch_end": "failed"])
    let failed = #expect(throws: FailedBatch.self) { _ = try load(try space.platform()) }
    #expect(failed?.status == "failed" && failed?.errors.contains("spoilt by the test") == true)
    try space.turn(["batch_end": "success"])
    let batch = try load(try space.platform())
    #expect(batch.hasSucceeded && batch.id != failed?.batch)
    #expect(try madeBatches() == 2)
    #expect(try load(try space.platform()).id == batch.id)
    #expect(try madeBatches() == 2)
  }

  @Test func aLargeFileGoesInParts() throws {
    let batch = try load(try space.platform()) { $0.partSize = 10 }
    #expect(batch.records == 3)
    #expect(try space.count("PATCH /data/foundation/import/batches") == 4)
    #expect(try space.violations() == [])
  }

  @Test func aLargeFileGoesOnWhereItBrokeOff() throws {
    let ending = EndingTransport(at: 7, afterSending: false, CurlTransport(.service()))
    #expect(throws: Killed.self) {
      _ = try load(try space.platform(transport: ending)) { $0.partSize = 10 }
    }
    let before = try space.count("PATCH /data/foundation/import/batches")
    #expect(before > 0)
    #expect(try load(try space.platform()) { $0.partSize = 10 }.records == 3)
    #expect(try space.count("PATCH /data/foundation/import/batches") == 4)
  }

  @Test func aMissingFileIsNamed() throws {
    let gone = file.folder + "/gone"
    let error = #expect(throws: FileError.self) {
      _ = try Ingestion(space.platform()).loadBatch(
        name: name, dataset: dataset, file: gone, format: .json, intent: intent)
    }
    let text = error?.description ?? ""
    #expect(text.contains(gone), "\(text)")
  }

  // MARK: Files of batches

  private func made(_ bytes: [UInt8]) throws -> (BatchFile, TemporaryFile) {
    let source = try TemporaryFile(bytes: bytes)
    let batch = try space.makeBatch(
      dataset, records: 1, files: ["part-0000.c000.gz.parquet": source.path])
    let files = try DataAccess(space.platform()).files(ofBatch: batch)
    #expect(files.map(\.length) == [Int64(bytes.count)])
    return (files[0], source)
  }

  @Test func aFileComesWhole() throws {
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let (found, source) = try made(bytes)
    #expect(found.name == "part-0000.c000.gz.parquet")
    try DataAccess(space.platform()).download(found, to: source.folder + "/copy")
    #expect(try source.bytes("copy") == bytes)
    #expect(try space.violations() == [])
  }

  @Test func aDownloadGoesOnWhereItBrokeOff() throws {
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 17) }
    let (found, source) = try made(bytes)
    try space.spoil(["match": "/export/files/", "cut": 40_000, "times": 2])
    try DataAccess(space.platform()).download(found, to: source.folder + "/copy")
    #expect(try source.bytes("copy") == bytes)
  }

  @Test func aServerMaySendLessThanWasAskedFor() throws {
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
    let (found, source) = try made(bytes)
    try space.turn(["range_bytes": 30_000])
    try space.spoil(["match": "/export/files/", "cut": 1000, "times": 1])
    try DataAccess(space.platform()).download(found, to: source.folder + "/copy")
    #expect(try source.bytes("copy") == bytes)
  }

  @Test func aFileOfAnotherLengthIsRefused() throws {
    let (found, source) = try made(Array("12345".utf8))
    let longer = BatchFile(fileID: found.fileID, name: found.name, length: 3)
    #expect(throws: (any Error).self) {
      try DataAccess(space.platform()).download(longer, to: source.folder + "/copy")
    }
    let shorter = BatchFile(fileID: found.fileID, name: found.name, length: 9)
    #expect(throws: (any Error).self) {
      try DataAccess(space.platform()).download(shorter, to: source.folder + "/copy")
    }
  }

  @Test func anEmptyFileIsAFile() throws {
    let (found, source) = try made([])
    try DataAccess(space.platform()).download(found, to: source.folder + "/copy")
    #expect(try source.bytes("copy") == [])
  }
}
