// What serves the model of a tier: brought to the newest promotion, whoever made it.
import AWS
import Accounts
import CSystem
import CloudFormation
import CommandLine
import Content
import Endpoints
import ModelPackages
import ModelSessions
import Models
import Project
import ProjectTemplates
import Promotion
import RemoteCache
import RowFormats
import S3
import Serve
import StoreFolder
import Terminal
import Workflows

/// The endpoint `<project>-<tier>`.
struct TierEndpoint {
  let store: TierStore
  let model: ModelCall
  let transfer: ModelTransfer

  private var name: String { store.tier.endpoint(of: store.log.project) }

  /// Throws where something that an endpoint needs is not set; nothing is made.
  func check() throws {
    guard case .account = store.kind, !model.table.endpointRole.isEmpty else { return }
    guard try !image().isEmpty else {
      throw UsageError(
        "[Jobs] image is empty; name the image that serves models, or leave [Accounts] endpoint_role "
          + "empty to promote without an endpoint")
    }
  }

  /// Makes the endpoint serve what the tier's newest record says; what was done, in words.
  ///
  /// A promotion that comes meanwhile is taken in, too, so that of two calls the later one's model stays.
  func settle() throws -> String {
    while true {
      guard let record = try store.records().last else { return "" }
      try transfer.fetch(record.entry.model)
      let bytes = try FileSystem.read(transfer.local.layout.blob(record.model))
      let done: String
      switch store.kind {
      case .folder(let root): done = try update(record, bytes, root)
      case .account(let set, let client): done = try update(record, bytes, set, client)
      }
      if try store.records().last?.id == record.id { return done }
    }
  }

  // MARK: - A folder

  private func update(
    _ record: PromotionRecord, _ bytes: [UInt8], _ root: String
  ) throws -> String {
    let folder = EndpointFolder(StoreLayout(root: root).base + "/endpoints")
    let before = (try? folder.document(name)) ?? nil
    if let before, before.model == record.model, try isWhole(folder, before) {
      return "endpoint \(name): \(record.model.short)"
    }
    let served: ServedModel
    do {
      served = try ServedModel(
        bytes, expecting: record.model, threads: 1,
        library: model.session.locator.path(of: .init("xgboost", isExecutable: false)))
    } catch let failure as ModelFailure {
      throw PromotionRefusal("\(record.model.short) cannot be served: \(failure)")
    }
    let document = EndpointDocument(
      endpoint: name, model: record.model,
      previous: before?.model == record.model ? before?.previous : before?.model,
      source: record.entry.source,
      features: served.featureCount, objective: served.objective,
      contentType: before?.contentType ?? .csv,
      updatedAt: CivilTime(secondsSince1970: cs_wall_clock() / 1_000_000_000).iso8601)
    try folder.update(document, model: bytes)
    if before?.model == record.model {
      return "endpoint \(name): \(record.model.short), whose file was damaged, written again"
    }
    return before.map { "endpoint \(name): \($0.model.short) -> \(record.model.short)" }
      ?? "endpoint \(name) created: \(record.model.short)"
  }

  private func isWhole(_ folder: EndpointFolder, _ document: EndpointDocument) throws -> Bool {
    guard let bytes = try? folder.model(document) else { return false }
    return try Digest.of(bytes) == document.model
  }

  // MARK: - An account

  private func image() throws -> String { try model.session.settings.string("Jobs", "image") }

  /// The role of the endpoint in the tier's account: the one that is named, else the project's own there.
  private func role(_ use: AccountUse, _ set: AccountSet) throws -> String? {
    let named = model.table.endpointRole
    if !named.isEmpty { return "arn:\(set.partition):iam::\(set[use].text):role/\(named)" }
    let token = model.signals.token
    let client = try model.session.accountClients(use, set, isCancelled: { token.isCancelled })
      .client("ssm")
    let folder = ProjectTemplate.parameters(prefix: set.prefix, project: store.log.project)
    return try ParameterClient(client).value("\(folder)/role")
  }

  private func update(
    _ record: PromotionRecord, _ bytes: [UInt8], _ set: AccountSet, _ client: S3Client
  ) throws -> String {
    let use = AccountUse.tier(store.tier == .preprod ? .preprod : .prod)
    guard let role = try role(use, set) else {
      return
        "endpoint \(name): none, as \(set[use].text) has no role of the project and [Accounts] "
        + "endpoint_role is empty"
    }
    guard try !image().isEmpty else { return "endpoint \(name): none, as [Jobs] image is empty" }
    let key = "models/\(record.model.hex)/model.tar.gz"
    try client.put(
      ModelArchive.bytes(of: bytes), key: key, contentType: "application/gzip")
    let session = model.session
    let signals = model.signals
    let services = try WorkflowServices(
      session.accountSettings(use, set), credentials: session.accountCredentials(use, set),
      isCancelled: { signals.token.isCancelled })
    let plan = try EndpointPlan(
      endpoint: name, image: image(), data: "s3://\(client.location.bucket)/\(key)",
      content: record.model.hex,
      role: role,
      instanceType: model.table.endpointInstance, instances: 1,
      tags: session.resourceTags().values)
    let change = try EndpointDeployment(
      services, advice: "call atelier model promote again to go on"
    ).deploy(plan, adopts: false, say: session.output.message)
    switch change {
    case .created: return "endpoint \(name) created: \(record.model.short)"
    case .updated: return "endpoint \(name): now \(record.model.short)"
    case .unchanged: return "endpoint \(name): \(record.model.short)"
    }
  }
}
