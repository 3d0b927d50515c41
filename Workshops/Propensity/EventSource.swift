// Where week 1's events come from: the simulation, or a folder of real ones.
import Atelier
import AtelierStep
import PropensityFormats
import Query
import Source

/// The batches of events by the configuration; everything after them is the same.
struct EventSource {
  private let settings: Settings
  private let tenant: String
  private let folder: String

  init(_ settings: Settings) throws {
    self.settings = settings
    tenant = try settings.string("Atelier", "tenant")
    folder = try settings.string("Atelier", "events")
    let isPlain = tenant.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        || $0 == 0x5F
    }
    guard isPlain, !tenant.isEmpty else {
      throw SettingError(
        "Atelier", "tenant", "'\(tenant)' is not made of letters, digits and '_'")
    }
  }

  /// Wires the batches.
  func wire(_ p: inout PipelineBuilder) throws -> [Artifact<EventTable>] {
    folder.isEmpty ? try simulated(&p) : try imported(&p)
  }

  private func simulated(_ p: inout PipelineBuilder) throws -> [Artifact<EventTable>] {
    let users = try settings.integer("Atelier", "users", in: 1...1_000_000_000)
    let batches = try settings.integer("Atelier", "batches", in: 1...10_000)
    let seed = try settings.integer("Atelier", "seed", in: 0...Int(Int32.max))
    let date = try settings.string("Atelier", "reference_date")
    try SimulateEvents.validate(referenceDate: date)
    guard users >= batches else {
      throw SettingError("Atelier", "batches", "\(batches) batches are more than \(users) users")
    }
    return try (0..<batches).map { batch in
      let first = users * batch / batches
      let count = users * (batch + 1) / batches - first
      try p.add(
        "week1.profiles.\(batch)",
        SimulateProfiles(batch: batch, firstUser: first, userCount: count, seed: seed))
      return try p.add(
        "week1.events.\(batch)",
        SimulateEvents(
          batch: batch, firstUser: first, userCount: count, seed: seed, referenceDate: date,
          tenant: tenant)
      ).events
    }
  }

  /// A batch a file, in the order of the names.
  private func imported(_ p: inout PipelineBuilder) throws -> [Artifact<EventTable>] {
    let bucket = try settings.s3URL("Atelier", "events")
    let path =
      bucket?.description
      ?? (folder.hasPrefix("/") ? folder : "\(settings.projectRoot)/\(folder)")
    let names: [String]
    do {
      names = try p.names(inFolder: path)
    } catch {
      // What a bucket answers says more than we can.
      if bucket != nil { throw error }
      throw SettingError("Atelier", "events", "cannot read the folder \(path)")
    }
    let files = names.filter { !$0.hasPrefix(".") }
    guard !files.isEmpty else {
      throw SettingError(
        "Atelier", "events", "the folder \(path) is empty; expected a file a batch")
    }
    return try files.enumerated().map { batch, name in
      let full = bucket?.below(name).description ?? "\(path)/\(name)"
      guard
        let format = name.lastIndex(of: ".").flatMap({
          EventFileFormat(fileExtension: String(name[name.index(after: $0)...]))
        })
      else {
        throw SettingError(
          "Atelier", "events",
          "\(full): expected .parquet, .csv, .json, .jsonl or .ndjson")
      }
      let file = try p.source(
        "week1.file.\(batch)", path: full, as: EventFile.self)
      return try p.add(
        "week1.events.\(batch)", ImportEvents(file: file, format: format, tenant: tenant)
      ).events
    }
  }
}
