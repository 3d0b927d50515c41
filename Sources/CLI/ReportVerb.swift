// `atelier report`: a run as one HTML page.
import Configuration
import Content
import Engine
import LocalStores
import Report

enum ReportVerb {
  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let target = arguments.value("output") ?? "report.html"
    guard !target.isEmpty else { throw UsageError("--output needs a file's name, or - for stdout") }
    let named = try Session(arguments, targets: arguments.positionals, house)
    let store = try LocalStore.open(root: named.storeRoot(), readOnly: true)
    let shared = try named.remote(store, RemoteUse())?.shared
    let catalogue = RunCatalogue(store: store, shared: shared, workshop: named.workshop.name)
    let record = try catalogue.record(named.targets.first ?? "latest")
    // A run's id tells its workshop, whatever stands before it.
    let session =
      record.workshop == named.workshop.name
      ? named : try Session(arguments, targets: [record.workshop], house)
    let page = try ReportCollector(record, session, catalogue, arguments).page()
    let bytes = Array(try page.html().utf8)
    if target == "-" {
      Console.data(bytes)
    } else {
      try FileSystem.replace(target, with: bytes)
      Console.talk(
        "\(target): \(Text.size(Int64(bytes.count))), run \(record.id) of \(record.workshop), "
          + "\(record.status), begun \(record.startedAt)")
    }
    return ExitCode.fine
  }
}

extension Session {
  /// The workshop's own settings for a run record: value and layer by `Section.key`.
  ///
  /// Without secrets and what stands in one section with them, and without what says only where
  /// results are kept.
  var recordedSettings: JSONValue {
    let closed = Set(
      workshop.settings.filter { Secret.isSecret(key: $0.key) }.map(\.section))
    let own = workshop.settings.filter { !EngineSettings.names($0) && !closed.contains($0.section) }
    var recorded: [String: JSONValue] = [:]
    for entry in configuration.entries(known: own.map(\.known)) {
      guard !entry.isSecret, let setting = own.first(where: { $0.known.names(entry) }) else {
        continue
      }
      recorded["\(setting.section).\(setting.key)"] = [
        "value": .string(entry.shown), "origin": .string(entry.origin.word),
      ]
    }
    return .object(recorded)
  }

  /// The session of a run: its recorded settings below those of this call.
  func asRecorded(_ record: RunRecord, _ arguments: Arguments) throws -> Session {
    let settings = (record.json["settings"]?.object ?? [:]).compactMapValues { setting in
      setting["origin"] == "default" ? nil : setting["value"]?.string
    }
    return try with(settings, arguments)
  }
}

extension KnownKey {
  fileprivate func names(_ entry: Configuration.Entry) -> Bool {
    entry.section == section && entry.key == key
  }
}

extension Origin {
  /// The layer alone, without names of this machine.
  fileprivate var word: String {
    switch self {
    case .flag: "--set"
    case .environment: "environment"
    case .file: "config.ini"
    case .defaultValue: "default"
    }
  }
}
