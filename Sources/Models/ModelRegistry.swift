// The models of a store with what was decided about them. It knows no run and no network.
import Content
import EventLogs

/// A model that nobody registered, or that more than one could be meant by.
package struct ModelNameError: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// The registry in a log.
package struct ModelRegistry: Sendable {
  package let log: any EventLog

  /// The registry of a log.
  package init(_ log: any EventLog) { self.log = log }

  /// Where a registry lies in a store, below its folder `.atelier`.
  package static let folder = "models"

  /// All models with their histories, by digest.
  package func all() throws -> [Digest: ModelHistory] {
    var all: [Digest: ModelHistory] = [:]
    for (name, events) in try EventChain.all(in: log, where: { Self.model(of: $0) != nil }) {
      guard let model = Self.model(of: name) else { continue }
      all[model] = try history(model, events)
    }
    return all
  }

  /// The history of one model, empty where it is not registered.
  package func history(of model: Digest) throws -> ModelHistory {
    try history(model, chain(of: model).events())
  }

  /// Adds an event; its place in the log.
  @discardableResult
  package func add(_ event: ModelEvent) throws -> Int {
    try chain(of: event.model).append(event.json).number
  }

  /// Adds an entry unless there is one.
  package func register(_ entry: ModelEntry, by who: Person, at: Timestamp) throws {
    let chain = chain(of: entry.model.digest)
    let event = ModelEvent(
      model: entry.model.digest, kind: .registered(entry), who: who, at: at, after: [])
    // Of two at once one registers it.
    if try chain.events().isEmpty { _ = try chain.append(event.json, after: 0) }
  }

  /// Adds what another registry has and this one lacks; how many events, and of how many models.
  package func merge(
    from other: ModelRegistry, only wanted: Digest? = nil
  ) throws -> (events: Int, models: Int) {
    var sum = (events: 0, models: 0)
    let theirs = try wanted.map { [$0: try other.history(of: $0)] } ?? other.all()
    for (model, history) in theirs.sorted(by: { $0.key < $1.key }) {
      let chain = chain(of: model)
      let own = try chain.events()
      let known = Set(own.map(\.digest))
      let missing = history.events.filter { !known.contains($0.digest) }
      var count = own.count
      for (_, event) in missing { count = try chain.append(event.json, from: count).number }
      if !missing.isEmpty { sum = (sum.events + missing.count, sum.models + 1) }
    }
    return sum
  }

  private func chain(of model: Digest) -> EventChain { EventChain(model.hex, in: log) }

  private func history(_ model: Digest, _ events: [LoggedEvent]) throws -> ModelHistory {
    ModelHistory(
      model: model,
      events: try events.map { logged in
        guard let event = ModelEvent(json: logged.event), event.model == model else {
          throw DamagedRecord(
            EventChain.path(model.hex, logged.number), in: log,
            "expected an event of that model in a form that this version of Atelier knows")
        }
        return (logged.digest, event)
      })
  }

  /// The model whose events a log has; nil for another log.
  private static func model(of name: String) -> Digest? {
    name.utf8.count == 64 ? Digest(name) : nil
  }
}

/// How people name a model: a digest, or the beginning of one.
package enum ModelName {
  /// Digits that a decision needs: one in four thousand million meets another by chance.
  package static let fewest = 8

  /// The one of some models that a text names.
  ///
  /// - Throws: a `ModelNameError`, also for `latest` and the like: a decision is about bytes.
  package static func find(_ text: String, among models: some Collection<Digest>) throws -> Digest {
    let digits = (text.hasPrefix("sha256:") ? String(text.dropFirst(7)) : text).lowercased()
    guard digits.utf8.count >= fewest, digits.utf8.count <= 64,
      digits.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else {
      throw ModelNameError(
        "'\(text)' does not name a model; give its digest or at least \(fewest) of its digits, as "
          + "`atelier model list` shows them (a word such as latest could mean another model by the time "
          + "it is read)")
    }
    let found = models.filter { $0.hex.hasPrefix(digits) }.sorted()
    guard found.count < 2 else {
      throw ModelNameError(
        "\(found.count) models begin with '\(text)': "
          + found.prefix(4).map { String($0.hex.prefix(digits.utf8.count + 6)) }
          .joined(separator: ", ") + "; give more digits")
    }
    guard let model = found.first else {
      throw ModelNameError(
        "there is no model '\(text)'; `atelier model list` shows those of this store")
    }
    return model
  }
}
