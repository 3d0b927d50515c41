// Promotions killed at every call, raced, and refused: exactly the approved model arrives, whole or not at all.
import Baselines
import Content
import Models
import Promotion
import Provenance
import Synchronization
import Testing

@Suite struct PromoterTests {
  /// A store of dev and those of two tiers.
  final class World {
    let executioner = Executioner()
    let registry: ModelRegistry
    let preprod: TierLog
    let prod: TierLog
    /// The models whose bytes are in a tier's store.
    var copied: [String: Set<Digest>] = [:]

    init() {
      registry = ModelRegistry(MemoryLog("dev", executioner))
      preprod = TierLog(.preprod, project: "churn", in: MemoryLog("preprod", executioner))
      prod = TierLog(.prod, project: "churn", in: MemoryLog("prod", executioner))
    }

    func approve(_ entry: ModelEntry) throws {
      try registry.register(entry, by: Sample.person, at: Sample.moment)
      let heads = try registry.history(of: entry.model.digest).heads
      try registry.add(
        Sample.decision(entry.model.digest, .approved(reason: "good"), after: heads))
    }

    func reject(_ model: Digest) throws {
      let heads = try registry.history(of: model).heads
      try registry.add(Sample.decision(model, .rejected(reason: "leak"), after: heads))
    }

    func promoter(
      _ tier: PromotionTier, gate: Gate? = nil, during: @escaping () throws -> Void = {}
    ) -> Promoter {
      Promoter(
        registry: registry, before: tier == .prod ? preprod : nil,
        target: tier == .prod ? prod : preprod, gate: gate, demand: nil, who: Sample.person,
        now: Sample.moment,
        copy: { [self] entry in
          try executioner.around {
            _ = copied[tier.rawValue, default: []].insert(entry.model.digest)
          }
          try during()
        })
    }

    /// No record is there whose model is not.
    func check(_ note: String) throws {
      executioner.disarm()
      for (log, tier) in [(preprod, "preprod"), (prod, "prod")] {
        for record in try log.records() {
          #expect(copied[tier, default: []].contains(record.model), "\(note)")
          #expect(try log.registry.history(of: record.model).status == .approved, "\(note)")
        }
      }
    }
  }

  @Test func killedAtAnyCallTheNextOneGoesOn() throws {
    let entry = try Sample.entry()
    var kills = 0
    for afterEffect in [false, true] {
      for call in 1... {
        let world = World()
        try world.approve(entry)
        world.executioner.arm(at: call, afterEffect: afterEffect)
        var wasKilled = false
        do {
          _ = try world.promoter(.preprod).promote(entry.model.digest)
        } catch is Killed {
          wasKilled = true
          kills += 1
        }
        try world.check("call \(call)")
        _ = try world.promoter(.preprod).promote(entry.model.digest)
        try world.check("call \(call), again")
        #expect(try world.preprod.records().map(\.model) == [entry.model.digest], "call \(call)")
        if !wasKilled { break }
      }
    }
    #expect(kills > 20)
  }

  @Test func theOrderIsKeptAndTheFormerModelRollsBack() throws {
    let world = World()
    let (first, second) = (try Sample.entry("one"), try Sample.entry("two"))
    let error = #expect(throws: PromotionRefusal.self) {
      _ = try world.promoter(.preprod).promote(first.model.digest)
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("approve"))
    for entry in [first, second] { try world.approve(entry) }
    #expect(throws: PromotionRefusal.self) {
      _ = try world.promoter(.prod).promote(first.model.digest)
    }
    for entry in [first, second] {
      _ = try world.promoter(.preprod).promote(entry.model.digest)
      _ = try world.promoter(.prod).promote(entry.model.digest)
    }
    let back = try world.promoter(.prod).promote(first.model.digest).record
    #expect(back.model == first.model.digest && back.previous == second.model.digest)
    if case .promoted = try world.promoter(.prod).promote(first.model.digest) {
      Issue.record("promoted twice")
    }
    #expect(try world.prod.records().count == 3)
    try world.reject(second.model.digest)
    let refused = #expect(throws: PromotionRefusal.self) {
      _ = try world.promoter(.prod).promote(second.model.digest)
    }
    #expect("\(refused.map { "\($0)" } ?? "")".contains("leak"))
  }

  @Test func ofTwoAtOnceOneWins() throws {
    let world = World()
    let (first, second) = (try Sample.entry("one"), try Sample.entry("two"))
    for entry in [first, second] { try world.approve(entry) }
    let loser = world.promoter(.preprod) {
      _ = try world.promoter(.preprod).promote(second.model.digest)
    }
    let error = #expect(throws: PromotionRefusal.self) {
      _ = try loser.promote(first.model.digest)
    }
    #expect(error?.isRace == true && "\(error.map { "\($0)" } ?? "")".contains(Sample.person.name))
    #expect(try world.preprod.records().map(\.model) == [second.model.digest])
    // Two of one model are one promotion.
    let same = World()
    try same.approve(first)
    let twin = same.promoter(.preprod) {
      _ = try same.promoter(.preprod).promote(first.model.digest)
    }
    if case .promoted = try twin.promote(first.model.digest) { Issue.record("recorded twice") }
    #expect(try same.preprod.records().count == 1)
  }

  @Test func whatIsDecidedMeanwhileCountsAndDoesNotOvertake() throws {
    let world = World()
    let (first, second) = (try Sample.entry("one"), try Sample.entry("two"))
    try world.approve(first)
    _ = try world.promoter(.preprod) { try world.approve(second) }.promote(first.model.digest)
    #expect(try world.preprod.records().map(\.model) == [first.model.digest])
    let withdrawn = world.promoter(.prod) { try world.reject(first.model.digest) }
    #expect(throws: PromotionRefusal.self) { _ = try withdrawn.promote(first.model.digest) }
    #expect(try world.prod.records().isEmpty)
  }

  private func baseline(_ numbers: [String: Double], _ tolerance: Tolerance?) throws -> Baseline {
    Baseline(
      workshop: "churn", platform: "linux-x86_64", settings: [:],
      entries: [
        "validate.error.measured": Entry(
          bytes: Bytes(
            digest: try Digest.of("x"), size: 1, mediaType: "application/json", isTree: false),
          content: OutputValues(numbers: numbers), tolerance: tolerance)
      ])
  }

  /// Somebody registered a model with better figures than those that were attested.
  @Test func aGateComparesWhatWasAttested() throws {
    let keys = try AttestationTests.Keys()
    let envelope = try AttestationTests.statement().envelope {
      .init(keyID: "", bytes: try keys.own.sign($0))
    }
    for (auc, isGated, isFine) in [(0.9, true, true), (0.99, true, false), (0.99, false, true)] {
      let world = World()
      let entry = try Sample.entry(auc: auc)
      try world.approve(entry)
      try world.registry.add(
        Sample.decision(entry.model.digest, .attested(envelope: envelope.text()), after: []))
      let gate = Gate(name: "small", try baseline(["/metrics/auc": auc], nil), tolerance: nil)
      let plain = world.promoter(.preprod, gate: isGated ? gate : nil)
      let promoter = Promoter(
        registry: plain.registry, before: nil, target: plain.target, gate: plain.gate,
        demand: AttestationDemand(keys: [keys.own.verifyingKey], builder: nil, maxAge: nil),
        who: plain.who, now: Timestamp(milliseconds: Sample.moment.milliseconds + 60_000),
        copy: plain.copy)
      if isFine {
        #expect(try promoter.promote(entry.model.digest).record.attestation != nil)
      } else {
        let refusal = #expect(throws: PromotionRefusal.self) {
          _ = try promoter.promote(entry.model.digest)
        }
        #expect(refusal?.description.contains("are not those that the attestation names") == true)
        #expect(try world.preprod.records().isEmpty && world.copied.isEmpty)
      }
    }
  }

  @Test func aGateComparesWhatTheBaselineKnows() throws {
    let entry = try Sample.entry(auc: 0.9)
    let table: [([String: Double], Tolerance?, Tolerance?, Bool)] = [
      (["/metrics/auc": 0.9], nil, nil, true),
      (["/metrics/auc": 0.91], nil, nil, false),
      (["/metrics/auc": 0.91], Tolerance(relative: 0.02), nil, true),
      (["/metrics/auc": 0.91], Tolerance(relative: 0.02), Tolerance(absolute: 0.001), false),
      (["/metrics/auc": 0.8], nil, Tolerance(absolute: 0.2), true),
      (["/metrics/gone": 1], Tolerance(relative: 1), nil, false),
    ]
    for (numbers, own, override, isFine) in table {
      let gate = Gate(name: "small", try baseline(numbers, own), tolerance: override)
      let world = World()
      try world.approve(entry)
      let promoter = world.promoter(.preprod, gate: gate)
      if isFine {
        let record = try promoter.promote(entry.model.digest).record
        #expect(record.findings.count == numbers.count && record.gate == "small")
        #expect(PromotionRecord(json: record.json) == record)
      } else {
        #expect(throws: PromotionRefusal.self, "\(numbers)") {
          _ = try promoter.promote(entry.model.digest)
        }
        #expect(try world.preprod.records().isEmpty && world.copied.isEmpty)
      }
    }
    let other = Baseline(workshop: "churn", platform: "x", settings: [:], entries: [:])
    let world = World()
    try world.approve(entry)
    #expect(throws: PromotionRefusal.self) {
      _ = try world.promoter(.preprod, gate: Gate(name: "small", other, tolerance: nil))
        .promote(entry.model.digest)
    }
    #expect(Gate.tolerance("=0.5") == Tolerance(absolute: 0.5))
    #expect(Gate.tolerance("0.5") == Tolerance(relative: 0.5))
    for text in ["", "x", "-1", "=nan", "inf", "5%"] { #expect(Gate.tolerance(text) == nil) }
  }
}
