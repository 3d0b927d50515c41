// Random events with what makes features hard: equal times, near minutes, several subscriptions.

import AtelierTesting

extension Event {
  private static let types = [
    "directMarketing.emailSent", "directMarketing.emailOpened", "directMarketing.emailClicked",
    "commerce.productViews", "decisioning.propositionInteract", "decisioning.propositionDismiss",
    "web.webinteraction.linkClicks", "advertising.impressions", "web.webpagedetails.pageViews",
  ]

  /// Events of `users` users; about one in three subscribes, some of them twice.
  static func random(seed: UInt64, users: Int) -> [Event] {
    var generator = SeededGenerator(state: seed)
    var events: [Event] = []
    for user in 0..<users {
      let subscriber = Int.random(in: 0..<3, using: &generator) == 0
      for _ in 0..<Int.random(in: 1...25, using: &generator) {
        // Few seconds, so that times collide; some microseconds, so that minutes are not full.
        let seconds = Int64.random(in: 0..<900, using: &generator)
        let micros: Int64 = [0, 0, 1, 999_999].randomElement(using: &generator) ?? 0
        let target = subscriber && Int.random(in: 0..<8, using: &generator) == 0
        let type = target ? "web.formFilledOut" : types.randomElement(using: &generator) ?? ""
        let anonymous = Int.random(in: 0..<40, using: &generator) == 0
        events.append(
          Event(
            id: "\(seed)-\(generator.next())", type: type,
            time: 1_767_225_600_000_000 + seconds * 1_000_000 + micros,
            user: anonymous ? nil : "\(seed)user\(user)"))
      }
    }
    return events
  }
}
