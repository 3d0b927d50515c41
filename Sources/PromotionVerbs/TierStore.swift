// The store of a tier: a folder that stands for an account, or a bucket in an account.
import AWS
import AccountCalls
import Accounts
import CommandLine
import Content
import EventLogs
import FolderStores
import HTTP
import LocalStores
import ModelSessions
import Models
import Project
import Promotion
import RemoteCache
import S3
import S3Store
import Serve
import Signing
import StoreFolder
import Terminal

/// A tier with its store.
struct TierStore {
  enum Kind {
    /// The root of the store.
    case folder(String)
    case account(AccountSet, S3Client)
  }

  let tier: PromotionTier
  let kind: Kind
  let log: TierLog
  let remote: any RemoteStore

  /// The tier's store as a session's settings say.
  init(_ tier: PromotionTier, _ model: ModelCall) throws {
    self.tier = tier
    let session = model.session
    let set = try session.accountSet()
    let use = AccountUse.tier(tier == .preprod ? .preprod : .prod)
    let project = try model.project()
    if let account = session.accountFolder(set[use]) {
      // The project's bucket there, where `atelier project create` made it.
      let bucket = try set.bucket(of: project, in: set[use])
      let own = "\(account)/buckets/\(bucket)"
      // What was promoted before that stays where it is.
      let isEarlier = FileSystem.isDirectory(
        "\(account)/.atelier/models/tier-\(project)-\(tier.rawValue)")
      let folder = FileSystem.isDirectory(own) && !isEarlier ? own : account
      kind = .folder(folder)
      remote = FolderStore(root: folder)
      log = TierLog(tier, project: project, in: Session.registry(folder: folder).log)
      guard FileSystem.isDirectory(account) else {
        throw UsageError(
          "[Accounts] \(tier.rawValue): there is no folder \(set[use].text); make it, or deploy the "
            + "accounts first (atelier accounts deploy)")
      }
      return
    }
    let named = model.table.bucket(of: tier)
    let bucket = try named.isEmpty ? set.bucket(of: project, in: set[use]) : named
    let settings = try session.accountSettings(use, set)
    let http = HTTPSettings.service()
    let signals = model.signals
    let client = try S3Client(
      bucket: bucket, settings: settings, http: http,
      credentials: try session.accountCredentials(use, set)
        ?? session.context.credentials.provider(settings, http)
    ).cancelled(by: { signals.token.isCancelled })
    try Session.refuseDebugBuild(client.location.endpoint, "promotes models")
    kind = .account(set, client)
    remote = BucketStore(client: client, prefix: "")
    log = TierLog(
      tier, project: project, in: Session.registry(bucket: client, prefix: "").log)
  }

  /// What is left of a promotion in the tier's store.
  enum State: String {
    case stored, missing
    /// The endpoint of a folder has another model, or none.
    case unserved

    var words: String {
      switch self {
      case .stored: "stored"
      case .missing: "recorded, but missing"
      case .unserved: "recorded, but not served"
      }
    }
  }

  /// All promotions, oldest first; throws `RemoteFailure` where the tier's bucket is missing.
  func records() throws -> [PromotionRecord] {
    do {
      return try log.records()
    } catch {
      guard let failure = error as? S3Error, case .noSuchBucket = failure.kind else { throw error }
      throw RemoteFailure(
        .unusable,
        "\(remote.name): there is no such bucket; atelier project create \(log.project) makes it, or name "
          + "another one with [Accounts] \(tier.rawValue)_bucket")
    }
  }

  /// Compares a record with what is there: the model's size, and the endpoint of a folder.
  func state(of record: PromotionRecord, isNewest: Bool) throws -> State {
    guard try remote.size(of: record.model) == record.entry.model.size else { return .missing }
    guard isNewest, case .folder(let root) = kind else { return .stored }
    let folder = EndpointFolder(StoreLayout(root: root).base + "/endpoints")
    let document = try folder.document(tier.endpoint(of: log.project))
    return document?.model == record.model ? .stored : .unserved
  }

  /// The tier's store behind a local one.
  func shared(_ local: LocalStore, host: String) throws -> SharedStore {
    try SharedStore(
      local: local, remote: remote, mode: .readWrite, host: host, isRequired: true)
  }
}

/// Copies what a model needs from one store to another.
struct ModelTransfer {
  let local: LocalStore
  /// Where bytes may come from, in this order.
  let sources: [SharedStore]
  let target: SharedStore
  let say: (String) -> Void

  /// Copies the results that go with a model, blobs first; what is there is not sent again.
  func copy(_ entry: ModelEntry) throws {
    for key in entry.travellingKeys {
      guard let result = try result(key) else {
        throw PromotionRefusal(
          "the result \(key.digest.short), which goes with the model, is neither here nor in a store that "
            + "this one knows; run \(entry.workshop)/\(entry.step) again, which gives the same model"
        )
      }
      for record in result.outputs.values { try fetch(record) }
    }
    let report = try target.push(entry.travellingKeys, records: [])
    if let lost = report.incomplete.first {
      throw PromotionRefusal(
        "bytes of the result \(lost.digest.short), which goes with the model, are missing; run "
          + "\(entry.workshop)/\(entry.step) again")
    }
    if let conflict = report.conflicts.first {
      throw PromotionRefusal(
        "\(target.remote.name) has another result for the action \(conflict.ours.key.digest.short); the "
          + "step is not reproducible, so the model is not promoted")
    }
    // What was there may have been damaged since.
    let repaired = try target.repair(entry.travellingKeys)
    if repaired > 0 {
      say("\(target.remote.name): \(Text.count(repaired, "damaged blob")) replaced")
    }
  }

  /// Makes sure that an output's bytes are in the local store.
  func fetch(_ record: OutputRecord) throws {
    if case .good = try local.trees.check(record) { return }
    var last: (any Error)?
    for source in sources {
      do {
        try source.fetch(record)
        return
      } catch {
        last = error
      }
    }
    if let last { throw last }
  }

  private func result(_ key: ActionKey) throws -> ActionResult? {
    if let result = try local.actions.lookup(key) { return result }
    for source in sources {
      if let result = source.lookup(key) { return result }
    }
    return nil
  }
}
