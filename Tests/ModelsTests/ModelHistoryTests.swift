// What decisions add up to: the same wherever their events were put together, and never an approval over a
// rejection that its author had not seen.
import AtelierTesting
import Content
import EventLogs
import Models
import Testing

@Suite struct ModelHistoryTests {
  @Test func aDecisionReplacesThoseThatItsAuthorSaw() throws {
    let registry = ModelRegistry(MemoryLog("memory"))
    let entry = try Sample.entry()
    let model = entry.model.digest
    func status() throws -> ModelStatus { try registry.history(of: model).status }
    func decide(_ kind: ModelEvent.Kind, after: [Digest]? = nil) throws {
      let heads = try after ?? registry.history(of: model).heads
      try registry.add(Sample.decision(model, kind, after: heads))
    }
    try registry.register(entry, by: Sample.person, at: Sample.moment)
    try registry.register(entry, by: Sample.person, at: Sample.moment)
    #expect(try registry.history(of: model).events.count == 1, "registered once")
    #expect(try status() == .pending)
    let seen = try registry.history(of: model).heads
    try decide(.approved(reason: "good"))
    #expect(try status() == .approved)
    // Somebody who had not seen the approval.
    try decide(.rejected(reason: "leak"), after: seen)
    #expect(try status() == .rejected)
    try decide(.approved(reason: "looked at both"))
    #expect(try status() == .approved)
    try decide(.rejected(reason: "withdrawn"))
    #expect(try status() == .rejected)
    #expect(try registry.history(of: model).entry == entry)
  }

  /// Random decisions in two stores that now and then learn of each other: both end with the same status, in
  /// whatever order the events came.
  @Test func mergedRegistriesAgree() throws {
    var random = SeededGenerator(state: 24)
    for _ in 0..<30 {
      let entry = try Sample.entry("m\(Int.random(in: 0..<1_000_000, using: &random))")
      let model = entry.model.digest
      let stores = [ModelRegistry(MemoryLog("a")), ModelRegistry(MemoryLog("b"))]
      for store in stores {
        try store.register(entry, by: Sample.person, at: Sample.moment)
      }
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let here = Int.random(in: 0..<2, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: _ = try stores[here].merge(from: stores[1 - here])
        case 1:
          try stores[here].add(
            Sample.decision(
              model, .approved(reason: "yes"), after: stores[here].history(of: model).heads))
        default:
          try stores[here].add(
            Sample.decision(
              model, .rejected(reason: "no"), after: stores[here].history(of: model).heads))
        }
      }
      let lasts = try stores.map { try $0.history(of: model).decisions.map(\.word) }
      _ = try stores[0].merge(from: stores[1])
      _ = try stores[1].merge(from: stores[0])
      let histories = try stores.map { try $0.history(of: model) }
      #expect(
        Set(histories[0].events.map(\.digest)) == Set(histories[1].events.map(\.digest)),
        "nothing is lost")
      #expect(histories[0].status == histories[1].status)
      let (events, models) = try stores[0].merge(from: stores[1])
      #expect(events == 0 && models == 0)
      // What both had decided alike stays.
      if lasts.allSatisfy({ !$0.isEmpty && Set($0) == ["approved"] }) {
        #expect(histories[0].status == .approved)
      }
      if lasts.contains(where: { $0.contains("rejected") }), histories[0].status == .approved {
        // Then an approval saw each rejection.
        let seen = Set(histories[0].events.flatMap(\.event.after))
        for (digest, event) in histories[0].events where event.word == "rejected" {
          #expect(seen.contains(digest))
        }
      }
    }
  }

  @Test func eventsAndEntriesComeBackAsTheyWere() throws {
    let entry = try Sample.entry()
    #expect(ModelEntry(json: entry.json) == entry)
    for kind: ModelEvent.Kind in [
      .registered(entry), .approved(reason: "a"), .rejected(reason: "b"), .attested(envelope: "{}"),
    ] {
      let event = Sample.decision(entry.model.digest, kind, after: [try Digest.of("x")])
      #expect(ModelEvent(json: event.json) == event)
      var members = event.json.object ?? [:]
      members["model"] = .string(try Digest.of("another").description)
      if case .registered = kind {
        #expect(ModelEvent(json: .object(members)) == nil, "an entry of another model")
      }
    }
  }

  @Test func aNameIsEnoughDigitsOfOneModel() throws {
    let models = try ["a", "b", "c"].map { try Digest.of($0) }
    let first = models[0]
    #expect(try ModelName.find(first.description, among: models) == first)
    #expect(try ModelName.find(first.hex.uppercased(), among: models) == first)
    #expect(try ModelName.find(String(first.hex.prefix(8)), among: models) == first)
    for word in [
      "latest", "", String(first.hex.prefix(7)), first.hex + "0", "newest~1", "zzzzzzzz",
    ] {
      #expect(throws: ModelNameError.self) { _ = try ModelName.find(word, among: models) }
    }
    let text = String(first.hex.prefix(9))
    guard
      let twin = Digest(text + String(first.hex.dropFirst(9).map { $0 == "0" ? "1" : "0" }))
    else { throw Killed() }
    let error = #expect(throws: ModelNameError.self) {
      _ = try ModelName.find(text, among: models + [twin])
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("2 models"))
  }
}
