// Imports a file by a data flow, once.
import AdobePlatform
import AtelierStep
import CSystem
import DataFlows
import FileTools

/// Puts scores into the bucket and has a flow read them into the data set.
struct ImportAction {
  private let call: ActionCall
  private let effect: IntentFile

  init(_ call: ActionCall, _ effect: IntentFile) {
    self.call = call
    self.effect = effect
  }

  func run() throws {
    let (services, storage) = (call.services, call.services.storage)
    let (id, tenant) = (try call.text("dataset"), try call.text("tenant"))
    guard let schema = try GivenDataSet.find(call).schema else {
      throw StepFailure("the data set \(id) has no schema, so nothing can be mapped to it")
    }
    let place = StoragePlace(bucket: try call.text("bucket"), prefix: try call.text("prefix"))
    let path = try call.path("file")
    let key = place.key("platform/\(effect.name).csv")
    try storage.put(path, at: key, of: place)
    let flows = ImportFlows(services.client)
    let connection = try flows.deploy(place, storage.accessKeys())
    let version = try flows.load(
      file: "\(place.bucket)/\(key)", records: try Self.records(path),
      into: ImportFlows.Target(
        dataset: id, schema: schema,
        mapping: ["userId": "_\(tenant).cmle_id", "prediction": "_\(tenant).propensity"]),
      connection: connection, intent: effect)
    call.log("\(id): \(version.records) records of s3://\(place.bucket)/\(key)")
    try call.write(version, to: "version")
  }

  /// The lines behind the header; our own file has none within a value.
  private static func records(_ path: String) throws -> Int64 {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else { throw Disk.failure("read", path) }
    defer { cs_close(descriptor) }
    var block = [UInt8](repeating: 0, count: 1 << 20)
    var lines: Int64 = 0
    while true {
      let count = cs_read(descriptor, &block, block.count)
      guard count >= 0 else { throw Disk.failure("read", path) }
      if count == 0 { return max(0, lines - 1) }
      for byte in block[..<count] where byte == 10 { lines += 1 }
    }
  }
}
