// `atelier model promote` and `atelier model tiers`: which model each tier serves.
import Baselines
import CommandLine
import Content
import ModelSessions
import Models
import Names
import Project
import Promotion
import Provenance
import Regression
import RemoteCache
import Terminal

package struct ModelPromote: Verb {
  package let name = "promote"
  package let summary = "bring an approved model into the next tier: preprod, then prod"
  package let details = """
    Copies exactly this model, and the results with its figures, into the store of the tier's account, a
    folder or a bucket; records who, when, from where and what was checked; then updates the endpoint
    <project>-<tier>. Refused without an approval, out of order, past a gate ([Accounts] preprod_baseline,
    prod_baseline), or without an attestation where [Accounts] trusted_keys names keys. To roll back,
    promote the former model again. Interrupted, it continues when called again. Of two promotions at once
    one is recorded, and the other ends with 1.
    """
  package let examples = [
    Example("atelier model promote 6b14cb31 --to preprod", "the digest, or 8 digits of it"),
    Example("atelier model promote 6b14cb31 --to prod", "once it was in preprod"),
  ]
  let model = ModelCall.model
  let to = Option(
    "to", value: "TIER", completion: .words(PromotionTier.allCases.map(\.rawValue)),
    "preprod or prod"
  ) { text in
    guard let tier = PromotionTier(rawValue: text) else {
      throw UsageError("--to takes preprod or prod, not '\(text)'")
    }
    return tier
  }
  let json = Shared.json

  package var parameters: [any Parameter] { [model, to, json] }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let word = try call.word(model)
    guard let tier = call[to] else { throw UsageError("name the tier: --to preprod, or --to prod") }
    return try ModelCall.run(call, context, changes: true) { opened in
      let known = try opened.registry.all()
      let recorded = try opened.recorded()
      try Self.checkWorkshop(word, known.values.compactMap(\.entry) + recorded, opened)
      let target = try TierStore(tier, opened)
      let before = try tier.before.map { try TierStore($0, opened) }
      let model = try Self.find(
        word, Set(known.keys).union(recorded.map(\.model.digest)), before, target)
      let host = opened.session.host
      let shared = try target.shared(opened.store, host: host)
      let transfer = ModelTransfer(
        local: opened.store,
        sources: try [opened.shared, before?.shared(opened.store, host: host)].compactMap(\.self)
          + [shared], target: shared, say: context.output.message)
      let endpoint = TierEndpoint(store: target, model: opened, transfer: transfer)
      try endpoint.check()
      let promoter = Promoter(
        registry: opened.registry, before: before?.log, target: target.log,
        gate: try Self.gate(tier, opened), demand: try Self.demand(opened),
        who: try opened.person(), now: .now(), copy: transfer.copy)
      let outcome = try promoter.promote(model)
      let served = try endpoint.settle()
      try Self.show(outcome, served, call[json], context.output)
      if case .folder(let root) = target.kind {
        context.output.message(
          "serve it: atelier serve \(outcome.record.entry.workshop) --endpoint "
            + "\(tier.endpoint(of: target.log.project)) --as-is --set "
            + ShellWord.quoted("Atelier.root=\(root)"))
      }
      return ExitCode.success
    }
  }

  /// Refuses a model of another workshop than the session's, whose project and gates would count.
  private static func checkWorkshop(
    _ text: String, _ entries: [ModelEntry], _ opened: ModelCall
  ) throws {
    let digests = Set(entries.map(\.model.digest))
    guard let model = try? ModelName.find(text, among: digests) else { return }
    let workshops = Set(entries.filter { $0.model.digest == model }.map(\.workshop))
    let own = opened.session.workshop.name
    guard let other = workshops.first, !workshops.contains(own) else { return }
    throw UsageError(
      "the model \(model.short) is of the workshop \(other), not \(own): add -w \(other)")
  }

  /// The model of a text: one of this registry, or of a tier.
  private static func find(
    _ text: String, _ known: Set<Digest>, _ before: TierStore?, _ target: TierStore
  ) throws -> Digest {
    var models = known
    for store in [before, target].compactMap(\.self) {
      models.formUnion(try store.records().map(\.model))
    }
    return try ModelName.find(text, among: models)
  }

  private static func gate(_ tier: PromotionTier, _ opened: ModelCall) throws -> Gate? {
    let name = opened.table.baseline(of: tier)
    let (key, text) = opened.table.tolerance(of: tier)
    guard !name.isEmpty else {
      guard text.isEmpty else {
        throw UsageError(
          "[Accounts] \(key) is set and \(tier.rawValue)_baseline is not; name the baseline too")
      }
      return nil
    }
    let file = try CheckFile(named: name, opened.session)
    guard let baseline = file.baseline else { throw file.missing(opened.session) }
    var tolerance: Tolerance?
    if !text.isEmpty {
      tolerance = Gate.tolerance(text)
      guard tolerance != nil else {
        throw UsageError(
          "[Accounts] \(key): expected a share such as 0.05, or an amount such as =0.05, found '\(text)'"
        )
      }
    }
    return Gate(name: name, baseline, tolerance: tolerance)
  }

  private static func demand(_ opened: ModelCall) throws -> AttestationDemand? {
    let paths = opened.table.trustedKeys.split(separator: ",").map { word in
      String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }.filter { !$0.isEmpty }
    guard !opened.table.trustedKeys.isEmpty else { return nil }
    guard !paths.isEmpty else {
      throw UsageError(
        "[Accounts] trusted_keys: '\(opened.table.trustedKeys)' lists no file; list files of public keys, "
          + "separated by commas, or leave it empty to take models without an attestation")
    }
    let days = Int64(opened.table.attestationDays)
    let builder = opened.table.trustedBuilder
    return AttestationDemand(
      keys: try KeySource.trusted(
        paths, option: "[Accounts] trusted_keys", root: opened.session.projectRoot),
      builder: builder.isEmpty ? nil : builder, maxAge: days == 0 ? nil : days * 86_400_000)
  }

  private static func show(
    _ outcome: Promoter.Outcome, _ served: String, _ isJSON: Bool, _ output: Console
  ) throws {
    let record = outcome.record
    let isNew = if case .promoted = outcome { true } else { false }
    if isJSON {
      var members = record.json.object ?? [:]
      members["v"] = 1
      members["event"] = .string(isNew ? "promoted" : "unchanged")
      members["entry"] = nil
      members["endpoint"] = .string(record.tier.endpoint(of: record.project))
      return try output.data(JSONValue.object(members).canonicalText() + "\n")
    }
    let was = record.previous.map { ", before it \($0.short)" } ?? ""
    try output.data(
      "\(record.tier.rawValue): \(record.model.short) "
        + (isNew
          ? "promoted by \(DisplayText.clean(record.who.name))\(was)\n" : "is there already\n"))
    if !served.isEmpty { try output.data(served + "\n") }
  }
}

package struct ModelTiers: Verb {
  package let name = "tiers"
  package let summary = "which model each tier has, since when, by whom"
  package let examples = [Example("atelier model tiers --all", "with what was there before")]
  let all = Flag("all", "all promotions, the newest first")
  let json = Shared.json

  package var parameters: [any Parameter] { [all, json] }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try ModelCall.run(call, context, changes: false) { opened in
      var rows: [[String]] = []
      for tier in PromotionTier.allCases {
        let store = try TierStore(tier, opened)
        let records = try store.records().reversed()
        let shown = call[all] ? Array(records) : Array(records.prefix(1))
        for (index, record) in shown.enumerated() {
          // What was there before is not served.
          let state = try store.state(of: record, isNewest: index == 0)
          if call[json] {
            var members = record.json.object ?? [:]
            members["v"] = 1
            members["entry"] = nil
            members["state"] = .string(state.rawValue)
            try context.output.data(JSONValue.object(members).canonicalText() + "\n")
          }
          rows.append([
            tier.rawValue, record.model.short, record.at.iso8601,
            DisplayText.clean(record.who.name), DisplayText.clean(record.entry.source),
            state.words,
          ])
        }
        if shown.isEmpty { rows.append([tier.rawValue, "(none)", "", "", "", ""]) }
      }
      if !call[json] {
        let table = Table(columns: ["tier", "model", "since", "by", "from", "state"], rows: rows)
        try context.output.data(table.text(limit: rows.count, width: context.output.width))
      }
      return ExitCode.success
    }
  }
}
