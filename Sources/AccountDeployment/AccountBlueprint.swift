// Which account of a set gets which stacks, in which order. It asks no service.
import AccountTemplates
import Accounts
import Content
import FolderAccounts
import ProjectTemplates
import TemplateParts

/// The stacks of a set of accounts.
package struct AccountBlueprint: Sendable {
  package let set: AccountSet
  /// All sets that are known, as accounts may be of several.
  private let sets: [AccountSet]
  private let tags: [String: String]
  private let access: [AccessDocument]

  /// `tags` are the user's own, for everything; `access` documents of policies.
  package init(
    _ set: AccountSet, among sets: [AccountSet], tags: [String: String],
    access: [AccessDocument]
  ) {
    self.set = set
    self.sets = sets.contains(set) ? sets : sets + [set]
    self.tags = tags
    self.access = access
  }

  /// The 12 digits of a place.
  package static func id(of place: AccountPlace) throws -> String {
    switch place {
    case .account(let id): id
    case .folder(let path): try FolderAccount.id(of: path)
    }
  }

  /// The accounts that may deploy into one, over all sets.
  package func trusted(by place: AccountPlace) throws -> [String] {
    var found: [String] = []
    for set in sets {
      for other in set.trusted(by: place) {
        let id = try Self.id(of: other)
        if !found.contains(id) { found.append(id) }
      }
    }
    return found.sorted()
  }

  /// The names of the guide's stacks and ours, in the app's prefix.
  package func name(of kind: AccountStack.Kind) -> String {
    switch kind {
    case .bootstrap: "CDKToolkit"
    case .administration: "stackset-admin-role"
    case .execution: "stackset-execution-role"
    case .platform: "aws-mlops-accelerator-stack"
    case .network: "\(set.prefix)-network"
    case .studio: "deploy-infra-stack"
    case .tagging: "sm-tag-lambda-stack"
    case .access: "\(set.prefix)-access"
    case .assets: "\(set.prefix)-catalogue-assets"
    case .catalogue: "sc-project-stack"
    case .sharing, .project, .ingestion, .user: "\(set.prefix)-\(kind.rawValue)"
    }
  }

  /// The stacks of a place with all that it is for, in the order in which they are made.
  package func stacks(of place: AccountPlace, uses: [AccountUse]) throws -> [AccountStack] {
    let own = tags.mapValues { JSONValue.string($0) }
    var kinds: [AccountStack.Kind] = [.bootstrap]
    if uses.contains(.governance) { kinds += [.administration, .platform] }
    let isTier = uses.contains { $0 != .governance }
    if isTier { kinds += [.execution, .network] + (documents(uses).isEmpty ? [] : [.access]) }
    if uses.contains(.tier(.dev)) { kinds += [.studio, .tagging, .assets, .catalogue] }
    return try kinds.sorted().map { try stack($0, place, uses, own) }
  }

  /// The documents of access for what an account is for.
  private func documents(_ uses: [AccountUse]) -> [AccessDocument] {
    access.filter { document in uses.contains { document.tiers.contains($0.name) } }
  }

  private func stack(
    _ kind: AccountStack.Kind, _ place: AccountPlace, _ uses: [AccountUse],
    _ own: [String: JSONValue]
  ) throws -> AccountStack {
    let account = try Self.id(of: place)
    let hasCodeArtifact = RegionServices.codeArtifact.contains(set.region)
    var assets: [AccountStack.Asset] = []
    var parameters: [String: String] = [:]
    let template: TemplateDocument
    switch kind {
    case .bootstrap:
      template = BootstrapTemplates.bootstrap(
        trusted: try trusted(by: place), prefix: set.prefix, tags: own)
    case .administration: template = BootstrapTemplates.stackSetAdministration(tags: own)
    case .execution:
      template = BootstrapTemplates.stackSetExecution(
        governance: try Self.id(of: set.governance), tags: own)
    case .platform:
      template = BootstrapTemplates.platform(prefix: set.prefix, branch: "main", tags: own)
    case .network:
      template = NetworkTemplate.template(
        hasStudio: uses.contains(.tier(.dev)), hasCodeArtifact: hasCodeArtifact, tags: own)
    case .studio:
      template = StudioTemplate.template(
        prefix: set.prefix, hasCodeArtifact: hasCodeArtifact, tags: own)
    case .tagging: template = try TaggingTemplate.template(prefix: set.prefix, tags: own)
    case .access:
      template = AccessTemplate.template(documents(uses), prefix: set.prefix, tags: own)
    case .assets:
      template = CatalogueTemplates.assets(set: set.name, prefix: set.prefix, tags: own)
    case .catalogue:
      let products = try self.products(account)
      assets = products.map(\.asset)
      parameters["LaunchRoleArn"] = launchRole(account)
      template = CatalogueTemplates.portfolio(
        products.map(\.product), prefix: set.prefix, tags: own)
    case .sharing, .project, .ingestion, .user:
      throw AccountRefusal("no account has a stack of the kind \(kind.rawValue) by itself")
    }
    return AccountStack(
      name: name(of: kind), kind: kind, template: try template.text(), parameters: parameters,
      tags: tags.merging([AccountTags.set: set.name, AccountTags.kind: kind.rawValue]) { $1 },
      assets: assets)
  }

  /// The role that makes what products and projects describe.
  package func launchRole(_ account: String) -> String {
    let name = CatalogueTemplates.launchRole(prefix: set.prefix, region: set.region)
    return "arn:\(set.partition):iam::\(account):role/service-role/\(name)"
  }

  /// The bucket of the templates of products and projects.
  package func assetsBucket(_ account: String) -> String {
    CatalogueTemplates.bucket(set: set.name, account: account)
  }

  /// The address of a template in the bucket of templates.
  package func url(_ asset: AccountStack.Asset) -> String {
    let suffix = set.partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"
    return "https://\(asset.bucket).s3.\(set.region).\(suffix)/\(asset.key)"
  }

  /// A template as an object whose key follows from its content.
  package func asset(
    _ word: String, _ template: TemplateDocument, _ account: String
  ) throws -> AccountStack.Asset {
    let text = try template.text()
    let digest = try Digest.of(text).hex.prefix(16)
    return .init(bucket: assetsBucket(account), key: "\(word)/\(digest).json", text: text)
  }

  private func products(
    _ account: String
  ) throws -> [(product: CatalogueProduct, asset: AccountStack.Asset)] {
    let templates: [(String, String, String, TemplateDocument, Bool)] = [
      (
        "Project", "Machine learning project", "bucket, key, models, repositories and pipelines",
        try ProjectTemplate.template(prefix: set.prefix, custom: [:]), true
      ),
      (
        "User", "SageMaker Studio User", "a person of a project in Studio",
        UserTemplate.template(prefix: set.prefix, custom: [:]), false
      ),
      (
        "Ingestion", "Automated Feature Transformation and Ingestion Pipeline",
        "new objects start a pipeline that writes to a feature group",
        try IngestionTemplate.template(prefix: set.prefix, custom: [:]), true
      ),
    ]
    return try templates.map { id, name, description, template, isInStudio in
      let asset = try asset("products/\(id.lowercased())", template, account)
      return (
        CatalogueProduct(
          id: id, name: name, description: description, template: url(asset),
          isInStudio: isInStudio), asset
      )
    }
  }
}
