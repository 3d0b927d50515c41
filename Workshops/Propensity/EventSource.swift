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
  private let settings: PropensitySettings
  private var tenant: String { settings.tenant }
  private var folder: String { settings.events }

  init(_ settings: PropensitySettings) { self.settings = settings }

  /// Wires the batches.
  func wire(_ p: inout PipelineBuilder) throws -> EventBatches {
    folder.isEmpty
      ? EventBatches(events: simulated(&p), checked: nil) : try imported(&p)
  }

  private func simulated(_ p: inout PipelineBuilder) -> [Artifact<EventTable>] {
    let (users, batches, seed) = (settings.users, settings.batches, settings.seed)
    let date = settings.referenceDate.settingText
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
    let repeated = settings.duplicates
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
    let bucket = try settings.$events.bucketURL()
    let dataset = try settings.$events.platformURL()
    let elsewhere = bucket?.description ?? dataset?.description
    if folder.hasPrefix("~") || (elsewhere == nil && folder.contains("://")) {
      throw settings.$events.error(
        "'\(folder)' is not supported; give the path of a folder, s3://bucket/prefix or aep://<data set "
          + "id>")
    }
    let path = elsewhere ?? p.path(folder)
    let files: [EventFolderFile]
    do {
      files = try EventFolder(
        name: folder, path: path, assumed: dataset == nil ? nil : .parquet
      ).files(&p)
    } catch let error as SettingError {
      throw error
    } catch {
      // What a bucket or the platform answers says more than we can.
      if elsewhere != nil { throw error }
      throw settings.$events.error("cannot read the folder \(path)")
    }
    guard !files.isEmpty else {
      if dataset != nil {
        throw settings.$events.error("\(path) has no batch that succeeded; expected at least one")
      }
      throw settings.$events.error(
        "the folder \(path) is empty, or all of its files are; expected a file a batch")
    }
    return files
  }
}
