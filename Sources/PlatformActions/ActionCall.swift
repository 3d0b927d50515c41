// A step's call with what actions need of it: checked parameters, versions, paths.
import AdobePlatform
import AtelierStep
import Content
import FileTools

/// A call and the services that it is made through.
struct ActionCall {
  private let call: PlatformCall
  let services: PlatformServices
  let budget: CallBudget
  let checked: CheckedVersions
  let log: @Sendable (String) -> Void

  init(
    _ call: PlatformCall, services: PlatformServices, budget: CallBudget,
    checked: CheckedVersions, log: @escaping @Sendable (String) -> Void
  ) {
    self.call = call
    self.services = services
    self.budget = budget
    self.checked = checked
    self.log = log
  }

  var action: String { call.action }

  /// A parameter that the action must have.
  func text(_ name: String) throws -> String {
    guard let value = call.parameters[name]?.string else {
      throw StepFailure("the call '\(action)' has no parameter '\(name)'")
    }
    return value
  }

  /// A parameter that is true or, where it is left out, false.
  func flag(_ name: String) -> Bool { call.parameters[name] == .bool(true) }

  /// A list of texts that the action must have.
  func texts(_ name: String) throws -> [String] {
    guard let values = call.parameters[name]?.array else {
      throw StepFailure("the call '\(action)' has no list '\(name)'")
    }
    return values.compactMap(\.string)
  }

  /// The path of the only file of an input.
  func path(_ name: String) throws -> String {
    guard let paths = call.reads[name], paths.count == 1 else {
      throw StepFailure("the call '\(action)' needs one file '\(name)'")
    }
    return paths[0]
  }

  /// Where an output is expected.
  func output(_ name: String) throws -> String {
    guard let path = call.writes[name] else {
      throw StepFailure("the call '\(action)' has no output '\(name)'")
    }
    return path
  }

  /// The versions in the files of an input, each of this platform, organisation and sandbox.
  func versions(_ name: String) throws -> [DataSetVersion] {
    try (call.reads[name] ?? []).map { path in
      guard let bytes = try Disk.readDocument(path) else {
        throw StepFailure("the call '\(action)' has no file '\(name)'")
      }
      let version = try DataSetVersion(parsing: bytes)
      guard version.isReachable(by: services.client.settings) else {
        throw StepFailure(
          "the data set \(version.dataset) is of the sandbox \(version.sandbox) of "
            + "\(version.organization) at \(version.host), and the settings lead to the sandbox "
            + "\(services.client.settings.sandbox) of \(services.client.settings.organization) at "
            + services.client.settings.host)
      }
      return version
    }
  }

  /// Versions of one data set as one.
  func joined(_ name: String) throws -> DataSetVersion {
    let versions = try versions(name)
    guard let first = versions.first, versions.allSatisfy({ $0.dataset == first.dataset }) else {
      throw StepFailure("'\(name)' are versions of several data sets, or none; expected one")
    }
    return DataSetVersion(
      services.client.settings, dataset: first.dataset, batches: versions.flatMap(\.batches))
  }

  /// The version of an input, whose rows are about to be read on the platform.
  func present(_ name: String) throws -> DataSetVersion {
    let version = try joined(name)
    guard try services.holds(version) else {
      throw StepFailure(
        "the data set \(version.dataset) has other batches by now, or is gone; run again to make it anew"
      )
    }
    return version
  }

  /// Writes a version where an output is expected.
  func write(_ version: DataSetVersion, to name: String) throws {
    try Disk.write(try version.bytes(), to: output(name))
  }

  /// The name of a brought file; the platform's have ids in them, which differ each time.
  static func part(_ number: Int) -> String {
    let digits = String(number)
    return "part-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits + ".parquet"
  }

  /// The digest of all that the call says: action, parameters, and the bytes of what it reads.
  func digest() throws -> Digest {
    let reads = try call.reads.mapValues { paths in
      JSONValue.array(
        try paths.map { .string(try Digest.of(file: $0).digest.description) })
    }
    let json: JSONValue = [
      "action": .string(call.action), "parameters": .object(call.parameters),
      "reads": .object(reads), "host": .string(services.client.settings.host),
      "org": .string(services.client.settings.organization),
      "sandbox": .string(services.client.settings.sandbox),
    ]
    return try Digest.of(json.canonicalBytes())
  }
}
