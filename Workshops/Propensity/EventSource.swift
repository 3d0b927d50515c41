// Where week 1's events come from: the simulation, or a folder of real ones.
import Atelier
import AtelierStep
import PropensityFormats
import Query
import Source

/// The events of all batches, and for real ones the proof that no event stands twice in the set.
struct EventBatches {
  let events: [Artifact<EventTable>]
  /// Nil for simulated events, whose batches share no user.
  let checked: Artifact<RepeatedEvents>?
}

/// The batches of events by the configuration.
struct EventSource {
  private let settings: Settings
  private let tenant: String
  private let folder: String

  init(_ settings: Settings) throws {
    self.settings = settings
    tenant = try settings.string("Atelier", "tenant")
    folder = try settings.string("Atelier", "events")
    guard PlainName.isPlain(tenant, hyphens: false) else {
      throw SettingError(
        "Atelier", "tenant", "'\(tenant)' is not made of letters, digits and '_'")
    }
  }

  /// Wires the batches.
  func wire(_ p: inout PipelineBuilder) throws -> EventBatches {
    folder.isEmpty
      ? EventBatches(events: try simulated(&p), checked: nil) : try imported(&p)
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
    return (0..<batches).map { batch in
      let first = users * batch / batches
      let count = users * (batch + 1) / batches - first
      p.add(
        "week1.profiles.\(batch)",
        SimulateProfiles(batch: batch, firstUser: first, userCount: count, seed: seed))
      return p.add(
        "week1.events.\(batch)",
        SimulateEvents(
          batch: batch, firstUser: first, userCount: count, seed: seed, referenceDate: date,
          tenant: tenant)
      ).events
    }
  }

  /// A batch a file, in the order of the paths.
  private func imported(_ p: inout PipelineBuilder) throws -> EventBatches {
    let files = try files(&p)
    let rule = try settings.choice(
      "Atelier", "duplicates", among: RepeatedEventRule.allCases.map(\.rawValue))
    let repeated = RepeatedEventRule(rawValue: rule) ?? .refuse
    let drops = repeated == .drop
    let imports = files.enumerated().map { batch, file in
      let source = p.source("week1.file.\(batch)", path: file.path, as: EventFile.self)
      return p.add(
        drops ? "week1.import.\(batch)" : "week1.events.\(batch)",
        ImportEvents(
          file: source, format: file.format, isGzipped: file.isGzipped, tenant: tenant,
          repeated: repeated, name: file.name))
    }
    let checked = p.add(
      "week1.duplicates",
      FindRepeatedEvents(
        events: imports.map(\.events), lines: imports.map(\.lines), drops: drops,
        names: files.map(\.name))
    ).repeated
    let events = imports.enumerated().map { batch, node in
      drops
        ? p.add(
          "week1.events.\(batch)",
          DropRepeatedEvents(imported: node.events, repeated: checked, batch: batch)
        ).events : node.events
    }
    return EventBatches(events: events, checked: checked)
  }

  private func files(_ p: inout PipelineBuilder) throws -> [EventFolderFile] {
    let bucket = try settings.s3URL("Atelier", "events")
    if folder.hasPrefix("~") || (bucket == nil && folder.contains("://")) {
      throw SettingError(
        "Atelier", "events",
        "'\(folder)' is not supported; give the path of a folder or s3://bucket/prefix")
    }
    let path =
      bucket?.description
      ?? (folder.hasPrefix("/") ? folder : "\(settings.projectRoot)/\(folder)")
    let files: [EventFolderFile]
    do {
      files = try EventFolder(name: folder, path: path).files(&p)
    } catch let error as SettingError {
      throw error
    } catch {
      // What a bucket answers says more than we can.
      if bucket != nil { throw error }
      throw SettingError("Atelier", "events", "cannot read the folder \(path)")
    }
    guard !files.isEmpty else {
      throw SettingError(
        "Atelier", "events",
        "the folder \(path) is empty, or all of its files are; expected a file a batch")
    }
    return files
  }
}
