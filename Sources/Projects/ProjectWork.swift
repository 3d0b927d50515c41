// Projects and their users, in whatever kind of account. It knows no terminal.
import AccountDeployment
import AccountTemplates
import Accounts
import Content
import ProjectTemplates

/// A user of a project.
package struct ProjectUser: Sendable, Hashable {
  package var mail: String
  package var profile: String
  package var project: String
  /// The stack that made the profile.
  package var stack: PresentStack
}

/// What serves the models of a project in the accounts of tiers.
package struct ServingModels: Sendable {
  /// What serves, in words.
  let list: @Sendable (_ project: String) throws -> [String]
  /// Removes what a folder does not remove with the project's bucket.
  let remove: @Sendable (_ project: String) throws -> Void

  package init(
    list: @escaping @Sendable (_ project: String) throws -> [String],
    remove: @escaping @Sendable (_ project: String) throws -> Void
  ) {
    self.list = list
    self.remove = remove
  }
}

/// Makes and removes projects and users of a set's dev account.
package struct ProjectWork: Sendable {
  package let set: AccountSet
  private let blueprint: AccountBlueprint
  let account: any StackAccount
  private let host: any ProjectHost
  /// The accounts of the other tiers, where a project has its role, too.
  private let others: [any StackAccount]
  /// The user's tags of everything.
  private let tags: [String: String]
  private let serving: ServingModels

  package init(
    _ set: AccountSet, blueprint: AccountBlueprint, account: any StackAccount,
    others: [any StackAccount], host: any ProjectHost, tags: [String: String],
    serving: ServingModels
  ) {
    self.serving = serving
    self.others = others
    self.set = set
    self.blueprint = blueprint
    self.account = account
    self.host = host
    self.tags = tags
  }

  package func projects() throws -> [ProjectRecord] {
    try host.all().filter { $0.tags[AccountTags.set] == set.name }.sorted { $0.name < $1.name }
  }

  // ---- projects ----

  /// Makes a project, or completes one; whether it was made now.
  package func create(
    _ wish: ProjectWish, say: (String) -> Void
  ) throws -> (project: ProjectRecord, isNew: Bool) {
    var tags = self.tags.merging(wish.tags) { $1 }
    let template = try ProjectTemplate.template(prefix: set.prefix, custom: tags)
    let asset = try blueprint.asset("projects/\(wish.name)", template, account.id)
    let parameters = try wish.parameters(set, domain: try domain())
    tags.merge([
      "CostCenter": wish.costCenter, "app-prefix": set.prefix, AccountTags.set: set.name,
    ]) { $1 }
    let facts: JSONValue = [
      "template": .string(asset.text),
      "parameters": .object(parameters.mapValues { .string($0) }),
      "tags": .object(tags.mapValues { .string($0) }),
    ]
    let digest = String(try Digest.of(try facts.canonicalBytes()).hex.prefix(16))
    tags[AccountTags.project] = digest
    if let found = try host.find(wish.name), found.status != "CreateFailed" {
      try refuseOther(found, digest)
    }
    let isNew = try host.create(
      ProjectOrder(
        wish: wish, asset: asset, url: blueprint.url(asset),
        launchRole: blueprint.launchRole(account.id), parameters: parameters, tags: tags,
        digest: digest), say: say)
    guard let made = try host.find(wish.name) else {
      throw AccountRefusal("the project \(wish.name) was removed meanwhile; create it again")
    }
    for other in others {
      let stack = try sharing(made, in: other)
      if let present = try other.find(stack.name), try other.isCurrent(stack, present) { continue }
      _ = try other.deploy(stack, say: say)
    }
    return (made, isNew)
  }

  /// The project's role in the account of another tier.
  private func sharing(
    _ project: ProjectRecord, in other: any StackAccount
  ) throws -> AccountStack {
    let custom = Self.custom(project)
    return AccountStack(
      name: ProjectNames.tierStack(set.prefix, project.name), kind: .sharing,
      template: try ProjectTemplate.tierTemplate(prefix: set.prefix, custom: custom).text(),
      parameters: [
        "SageMakerProjectName": project.name, "SageMakerProjectId": project.id,
        "CostCenter": project.costCenter, "DevAccount": account.id,
      ],
      tags: custom.merging([
        AccountTags.set: set.name, AccountTags.kind: AccountStack.Kind.sharing.rawValue,
        "CostCenter": project.costCenter,
      ]) { $1 })
  }

  /// A project of that name which was made otherwise stays as it is.
  private func refuseOther(_ found: ProjectRecord, _ digest: String) throws {
    guard found.tags[AccountTags.project] != digest else { return }
    guard found.tags[AccountTags.set] == set.name else {
      throw AccountRefusal(
        "\(account.label): the project \(found.name) is there and was not made by this set; choose "
          + "another name")
    }
    throw AccountRefusal(
      "\(account.label): the project \(found.name) is there with other values (cost center "
        + "\(found.costCenter), \(found.problem), \(found.inference), description "
        + "'\(found.description)', or other tags); delete it first, or choose another name")
  }

  /// Removes a project with its data and ingestions; its users are removed before, where `users` says so, and else keep it.
  package func delete(
    _ name: String, users: Bool, models: Bool, say: (String) -> Void
  ) throws -> Bool {
    let people = try self.users().filter { $0.project == name }
    guard let found = try host.find(name) else { return false }
    guard found.tags[AccountTags.set] == set.name else {
      throw AccountRefusal(
        "\(account.label): the project \(name) was not made by the set \(set.name); it stays")
    }
    if !users, let first = people.first {
      throw AccountRefusal(
        "the project \(name) has \(Self.count(people.count, "user")), such as \(first.mail); remove them "
          + "first, or add --users")
    }
    let count = try host.modelCount(found)
    if !models, count > 0 {
      throw AccountRefusal(
        "the project \(name) has \(Self.count(count, "model package")); add --models to remove them, too"
      )
    }
    let served = try serving.list(name)
    if !models, !served.isEmpty {
      throw AccountRefusal(
        "models of the project \(name) are in use: \(served.joined(separator: ", ")); add --models to "
          + "remove them, and the records of their promotion, too")
    }
    for one in people { try remove(one, say: say) }
    for one in try ingestions(of: name) { try end(one, say: say) }
    // What uses a role goes before it.
    try serving.remove(name)
    let buckets = [set.prefix, "\(set.prefix)-ci"].map {
      ProjectTemplate.bucket(prefix: $0, project: name, account: account.id)
    }
    for other in others {
      let left = try other.remove(ProjectNames.tierStack(set.prefix, name), say: say)
      guard left.isEmpty else {
        throw AccountRefusal("\(other.label): left: \(left.joined(separator: ", "))")
      }
    }
    try host.delete(found, buckets: buckets, say: say)
    return true
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  // ---- users ----

  package func users() throws -> [ProjectUser] {
    try account.all().filter { $0.kind == .user && $0.set == set.name }.compactMap { stack in
      guard let mail = stack.parameters["UserEmail"],
        let profile = stack.parameters["UserProfileName"],
        let project = stack.parameters["SageMakerProjectName"]
      else { return nil }
      return ProjectUser(mail: mail, profile: profile, project: project, stack: stack)
    }.sorted { ($0.project, $0.mail) < ($1.project, $1.mail) }
  }

  /// Gives a person a profile in a project; whether it was made now.
  package func add(
    _ mail: UserMail, to project: String, say: (String) -> Void
  ) throws -> (user: ProjectUser, isNew: Bool) {
    let found = try sound(project)
    if let other = try users().first(where: { mail.isSame(as: $0.mail) && $0.mail != mail.text }) {
      throw AccountRefusal(
        "\(mail.text) is \(other.mail), a user of \(other.project): capital letters make no other person; "
          + "write \(other.mail)")
    }
    let profile = try UserTemplate.profile(mail, project: project)
    let name = ProjectNames.userStack(set.prefix, profile)
    let present = try account.find(name)
    if let present, !present.isEmpty, present.parameters["UserEmail"] != mail.text {
      throw AccountRefusal(
        "the profile \(profile) is that of \(present.parameters["UserEmail"] ?? "somebody else"); people "
          + "of a project need different names in front of the @")
    }
    let folder = ProjectTemplate.parameters(prefix: set.prefix, project: project)
    guard let role = try account.parameter("\(folder)/role") else {
      throw AccountRefusal(
        "\(account.label): there is no parameter \(folder)/role; create the project again")
    }
    let custom = Self.custom(found)
    let stack = AccountStack(
      name: name, kind: .user,
      template: try UserTemplate.template(prefix: set.prefix, custom: custom).text(),
      parameters: [
        "UserEmail": mail.text, "UserProfileName": profile, "StudioDomainId": try domain(),
        "RoleArn": role, "SageMakerProjectName": project, "SageMakerProjectId": found.id,
        "CostCenter": found.costCenter,
      ],
      tags: custom.merging([
        AccountTags.set: set.name, AccountTags.kind: AccountStack.Kind.user.rawValue,
      ]) { $1 })
    if let present, try account.isCurrent(stack, present) {
      return (
        ProjectUser(mail: mail.text, profile: profile, project: project, stack: present), false
      )
    }
    let made = try account.deploy(stack, say: say)
    return (ProjectUser(mail: mail.text, profile: profile, project: project, stack: made), true)
  }

  /// The profiles of a person, in one project or in all.
  package func users(_ mail: UserMail, project: String?) throws -> [ProjectUser] {
    try users().filter { mail.isSame(as: $0.mail) && (project == nil || $0.project == project) }
  }

  /// Removes a profile with what runs in it.
  package func remove(_ user: ProjectUser, say: (String) -> Void) throws {
    try host.closeApps(profile: user.profile, domain: user.stack.parameters["StudioDomainId"] ?? "")
    let left = try account.remove(user.stack.name, say: say)
    guard left.isEmpty else {
      throw AccountRefusal("left of \(user.mail): \(left.joined(separator: ", "))")
    }
  }

  /// An address at which a person opens Studio: a secret for some minutes.
  package func address(of user: ProjectUser) throws -> String {
    try host.address(
      profile: user.profile, domain: user.stack.parameters["StudioDomainId"] ?? "")
  }

  /// Whether there is a project of a name, whoever made it.
  package func isThere(_ project: String) throws -> Bool { try host.find(project) != nil }

  /// A project that is there and complete.
  func sound(_ project: String) throws -> ProjectRecord {
    guard let found = try host.find(project) else {
      throw AccountRefusal(
        "\(account.label): there is no project '\(project)'; `atelier project list` lists them, and `atelier "
          + "project create` makes one")
    }
    guard found.isSound else {
      throw AccountRefusal(
        "\(account.label): the project \(project) is \(found.status); `atelier project create` "
          + "completes it")
    }
    return found
  }

  /// The tags of a project that the user chose.
  static func custom(_ project: ProjectRecord) -> [String: String] {
    project.tags.filter { tag in
      !tag.key.hasPrefix("atelier:") && !tag.key.hasPrefix("sagemaker:")
        && tag.key != "CostCenter" && tag.key != "app-prefix"
    }
  }

  private func domain() throws -> String {
    let name = StudioTemplate.domainParameter(set.prefix)
    guard let domain = try account.parameter(name) else {
      throw AccountRefusal(
        "\(account.label): there is no parameter \(name), so no Studio; type: atelier accounts deploy"
      )
    }
    return domain
  }
}
