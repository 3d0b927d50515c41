// Where the workshops of a project keep feature groups, open for reading.
import Atelier
import CommandLine
import FeatureSQL
import FeatureStore
import FileTools
import LocalStores
import Project
import Publishing

/// A feature group, and whose it is.
package struct KnownGroup {
  package let workshop: String
  package let group: FeatureGroup
  fileprivate let store: any FeatureStore

  package var name: String { group.name }

  /// What its names are in SQL.
  package var views: FeatureViewNames { FeatureViewNames(of: name) }

  /// Its files on this machine with the numbers of their ingestions, fetched if need be.
  package func files() throws -> [FeatureSQL.File] {
    let all = group.ingestions.flatMap { ingestion in ingestion.files.map { (ingestion, $0) } }
    let paths = try Parallel.map(all.count, width: 8, chunk: 1) { [store, group] index in
      try store.path(of: all[index].1, in: all[index].0, of: group)
    }
    return zip(paths, all).map { FeatureSQL.File(path: $0, batch: $1.0.sequence) }
  }
}

package struct FeaturePlaces {
  private struct Place {
    let workshop: String
    let session: Session
    let local: LocalStore
    let store: any FeatureStore
  }

  private let places: [Place]

  /// The places of all workshops that keep features, or of the one that `--workshop` names.
  ///
  /// Requests to a bucket end when the call is cancelled. Nothing can be deleted unless `writes`.
  package init(
    _ call: Call, _ context: VerbContext, writes: Bool = false,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws {
    let keeping = context.workshops.filter { $0.keepsFeatures }
    var workshops = keeping
    if let name = call.workshop {
      let workshop = try context.workshop(name, call)
      guard workshop.keepsFeatures else {
        throw UsageError(
          "the workshop \(name) keeps no features"
            + (keeping.isEmpty
              ? "" : "; those that do: \(keeping.map { $0.name }.joined(separator: ", "))"))
      }
      workshops = [workshop]
    } else if call.configFile != nil, workshops.count > 1 {
      throw UsageError("--config is for one workshop: say which with --workshop NAME")
    }
    var places: [Place] = []
    for workshop in workshops {
      let place = try Self.place(call, workshop, context, writes, isCancelled)
      if !places.contains(where: { $0.store.place == place.store.place }) { places.append(place) }
    }
    self.places = places
  }

  private static func place(
    _ call: Call, _ workshop: any Workshop.Type, _ context: VerbContext, _ writes: Bool,
    _ isCancelled: @escaping @Sendable () -> Bool
  ) throws -> Place {
    let session = try Session(call, targets: [workshop.name], context)
    // What comes from a bucket passes through the store.
    let local = try session.store(readOnly: !writes && !session.usesBucket())
    let remote = try session.remote(local, RemoteUse(cache: .off, isCancelled: isCancelled))
    let prefix = try session.settings.string("AWS", "s3_prefix").split(separator: "/")
    return Place(
      workshop: workshop.name, session: session, local: local,
      store: OfflineFeatureStore(
        local: local, published: remote?.published ?? PublishedFolder(local),
        bucket: try session.settings.string("AWS", "s3_bucket_name"),
        prefix: prefix.joined(separator: "/")))
  }

  /// The session of the workshop that keeps a group.
  func session(of known: KnownGroup) throws -> Session {
    guard let place = places.first(where: { $0.workshop == known.workshop }) else {
      throw UsageError(whyNone)
    }
    return place.session
  }

  /// Ends the use of the stores.
  package func close() { for place in places { try? place.local.close() } }

  /// Finds programs; nil where no workshop keeps features.
  package var locator: ProgramLocator? {
    places.first?.session.locator
  }

  /// The user's environment.
  package var environment: [String: String] { places.first?.session.environmentVariables ?? [:] }

  /// Why there is no group, and what to do.
  package var whyNone: String {
    guard !places.isEmpty else { return "no workshop of this project keeps features" }
    let workshops = places.map(\.workshop)
    return
      "no feature group is kept yet below \(places.map(\.store.place).joined(separator: ", ")); "
      + "a run makes them: atelier run \(workshops.joined(separator: ", or atelier run "))"
  }

  /// All groups by name.
  package func all() throws -> [KnownGroup] {
    try names().compactMap { name, place in
      try place.store.group(name).map {
        KnownGroup(workshop: place.workshop, group: $0, store: place.store)
      }
    }
  }

  /// The group of a name; with a mistake in it, says which was meant.
  package func find(_ name: String) throws -> KnownGroup {
    let names = try names()
    let found = try names.filter { $0.name == name }.compactMap { name, place in
      try place.store.group(name).map {
        KnownGroup(workshop: place.workshop, group: $0, store: place.store)
      }
    }
    guard let known = found.first else {
      guard !names.isEmpty else { throw UsageError(whyNone) }
      throw UsageError(
        "there is no feature group '\(name)'."
          + Suggestion.text(for: name, among: Set(names.map(\.name)).sorted())
          + " `atelier features list` lists them.")
    }
    guard found.count == 1 else { throw Self.ambiguous(name, found.map(\.workshop)) }
    return known
  }

  /// What there is of a group, also of a damaged or half-deleted one, and how it is deleted.
  package func deletion(
    of name: String, isCancelled: @escaping () -> Bool
  ) throws -> (place: String, inventory: PublishedInventory, delete: () throws -> Bool) {
    let found = try places.map { ($0, try $0.store.inventory(of: name)) }.filter { $0.1.files > 0 }
    guard let (place, inventory) = found.first else {
      let names = try names()
      throw UsageError(
        "there is no feature group '\(name)'."
          + Suggestion.text(for: name, among: Set(names.map(\.name)).sorted())
          + " `atelier features list` lists them.")
    }
    guard found.count == 1 else { throw Self.ambiguous(name, found.map(\.0.workshop)) }
    let key = try FeatureLock.key(of: name, in: place.store.place)
    return (
      "\(place.store.place)/\(name)", inventory,
      {
        guard let lock = try place.local.locks.wait(for: key, isCancelled: isCancelled) else {
          return false
        }
        defer { lock.release() }
        try place.store.delete(name)
        return true
      }
    )
  }

  private func names() throws -> [(name: String, place: Place)] {
    try places.flatMap { place in try place.store.groups().map { ($0, place) } }
      .sorted { ($0.name, $0.place.store.place) < ($1.name, $1.place.store.place) }
  }

  package static func ambiguous(_ name: String, _ workshops: [String]) -> UsageError {
    UsageError(
      "'\(name)' is a feature group of \(workshops.joined(separator: " and of ")); say which with "
        + "--workshop NAME")
  }
}
