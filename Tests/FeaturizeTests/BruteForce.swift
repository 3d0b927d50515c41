// The label and the features as week 2 states them, user by user in plain Swift.

/// The feature table computed the slow way.
struct BruteForce {
  /// md5(seed || userId || _id) by event id.
  let lots: [String: String]

  /// The rows in the columns' order, users ascending, `timestamp` in microseconds.
  func rows(_ events: [Event]) -> [String] {
    let known = events.filter { $0.user != nil }
    return Dictionary(grouping: known) { $0.user ?? "" }
      .sorted { $0.key < $1.key }
      .map { row(user: $0.key, events: $0.value.sorted { ($0.time, $0.id) < ($1.time, $1.id) }) }
  }

  private func row(user: String, events: [Event]) -> String {
    let drawn = events.indices.sorted { lot(events[$0]) < lot(events[$1]) }
    let subscription = events.firstIndex { $0.type == "web.formFilledOut" }
    let index = subscription ?? drawn[0]
    let history = Array(events[...index])
    let number = (drawn.firstIndex(of: index) ?? -1) + 1
    let row = events[index]
    return
      ([user, row.type, "\(row.time)", "\(subscription != nil)"] + counts(history)
      + minutes(history) + ["\(number)"]).joined(separator: ",")
  }

  private func lot(_ event: Event) -> String { lots[event.id] ?? "" }

  private func counts(_ history: [Event]) -> [String] {
    Self.types.map { type in "\(history.count { $0.type == type })" }
  }

  private func minutes(_ history: [Event]) -> [String] {
    Self.types.map { type in
      guard let last = history.last(where: { $0.type == type }), let row = history.last else {
        return "NULL"
      }
      return "\((row.time - last.time) / 60_000_000)"
    }
  }

  private static let types = [
    "directMarketing.emailSent", "directMarketing.emailOpened", "directMarketing.emailClicked",
    "commerce.productViews", "decisioning.propositionInteract", "decisioning.propositionDismiss",
    "web.webinteraction.linkClicks",
  ]
}
