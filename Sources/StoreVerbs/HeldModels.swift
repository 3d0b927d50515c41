// What a registry of models keeps in its store, and how a push or a pull carries it.
import CommandLine
import Content
import Models
import Project
import Promotion
import Terminal

/// Results that a registry refers to.
enum HeldModels {
  /// The results of models that were not rejected, and of those that a tier has or had: one may go back to
  /// them.
  static func keys(_ registry: ModelRegistry?) throws -> Set<ActionKey> {
    guard let registry else { return [] }
    var keys: Set<ActionKey> = []
    for history in try registry.all().values where history.status != .rejected {
      if let entry = history.entry { keys.formUnion(entry.keys) }
    }
    for record in try registry.promoted() { keys.formUnion(record.entry.travellingKeys) }
    return keys
  }

  /// Adds to one registry what another one knows; what was added, in words, or nothing.
  static func merge(_ from: ModelRegistry?, into target: ModelRegistry?) throws -> String? {
    guard let from, let target else { return nil }
    let (events, models) = try target.merge(from: from)
    return events == 0
      ? nil : "registry: \(Text.count(events, "event")) of \(Text.count(models, "model"))"
  }
}
