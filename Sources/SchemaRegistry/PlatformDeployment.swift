// The schemas and data sets of a workshop: made where they are missing, compared where they are there.
import AdobePlatform
import Content

/// A data set with its schema.
package struct DataSetDefinition: Sendable, Hashable {
  /// What it is for: `events`, `profiles`, `scores`.
  package var role: String
  /// Its name on the platform.
  package var name: String
  package var schema: SchemaDefinition

  package init(role: String, name: String, schema: SchemaDefinition) {
    self.role = role
    self.name = name
    self.schema = schema
  }
}

/// How a thing stands.
package struct DeployedThing: Sendable, Hashable {
  package enum State: String, Sendable {
    case missing
    case present
    /// It is there and not as it is to be.
    case differs
  }

  /// Such as `schema`, `field group`, `identity`, `data set`, `profile`.
  package let kind: String
  package let name: String
  package var state: State
  /// Its id, or how it differs.
  package var detail: String

  package init(kind: String, name: String, state: State, detail: String = "") {
    self.kind = kind
    self.name = name
    self.state = state
    self.detail = detail
  }
}

/// What a workshop keeps on the platform.
package struct PlatformDeployment: Sendable {
  package let registry: Registry
  package let catalog: Catalog
  package let datasets: [DataSetDefinition]
  /// The tenant's name, without the underscore.
  package let tenant: String

  /// Throws where the sandbox's tenant is another one than the data's.
  package init(_ client: PlatformClient, tenant: String, datasets: [DataSetDefinition]) throws {
    registry = Registry(client)
    catalog = Catalog(client)
    self.tenant = tenant
    self.datasets = datasets
    let found = try registry.tenant()
    guard found == tenant else {
      throw DeploymentFailure(
        "the organisation's tenant is '\(found)', and [Atelier] tenant is '\(tenant)'; type: "
          + "atelier config set Atelier.tenant=\(found)")
    }
  }

  // MARK: Status

  /// How each thing stands, in the order in which they are made; nothing is changed.
  package func status() throws -> [DeployedThing] { try datasets.flatMap(status) }

  private func status(_ set: DataSetDefinition) throws -> [DeployedThing] {
    var things: [DeployedThing] = []
    let schema = set.schema
    var group: RegistryItem?
    if !schema.fields.isEmpty {
      group = try registry.find(.fieldGroups, titled: schema.groupTitle)
      things.append(
        try thing("field group", schema.groupTitle, group) { item in
          guard let found = try registry.get(.fieldGroups, item.altID) else { return "it is gone" }
          return schema.difference(ofFieldGroup: found, tenant: tenant)
        })
    }
    let item = try registry.find(.schemas, titled: schema.title)
    let document = try item.flatMap { try registry.get(.schemas, $0.altID) }
    things.append(
      try thing("schema", schema.title, document == nil ? nil : item) { _ in
        document.flatMap { schema.difference(ofSchema: $0, group: group?.id) }
      })
    let primary = try item.map { try registry.identities(ofSchema: $0.id).filter(\.isPrimary) }
    things.append(Self.identity(schema, primary ?? []))
    things.append(
      Self.profile("schema", schema.title, document.map(Registry.isProfileEnabled) ?? false))
    let found = try dataSet(set)
    things.append(
      DeployedThing(
        kind: "data set", name: set.name,
        state: found == nil ? .missing : found?.schema == item?.id ? .present : .differs,
        detail: found.map {
          $0.schema == item?.id
            ? $0.id : "it is of the schema \($0.schema ?? "?"), expected '\(schema.title)'"
        } ?? ""))
    things.append(Self.profile("data set", set.name, found?.isProfileEnabled ?? false))
    return things
  }

  private func thing(
    _ kind: String, _ name: String, _ item: RegistryItem?,
    difference: (RegistryItem) throws -> String?
  ) throws -> DeployedThing {
    guard let item else { return DeployedThing(kind: kind, name: name, state: .missing) }
    let words = try difference(item)
    return DeployedThing(
      kind: kind, name: name, state: words == nil ? .present : .differs, detail: words ?? item.id)
  }

  private static func identity(
    _ schema: SchemaDefinition, _ primary: [IdentityDescriptor]
  ) -> DeployedThing {
    let difference = Registry.difference(primary, schema)
    return DeployedThing(
      kind: "identity", name: "\(schema.title) \(schema.identity)",
      state: primary.isEmpty ? .missing : difference == nil ? .present : .differs,
      detail: primary.isEmpty ? "" : difference ?? "primary, ECID")
  }

  private static func profile(_ kind: String, _ name: String, _ isEnabled: Bool) -> DeployedThing {
    DeployedThing(
      kind: "\(kind) for Profile", name: name, state: isEnabled ? .present : .missing,
      detail: isEnabled ? "enabled" : "")
  }

  /// The data set of a name; two of them are an error.
  private func dataSet(_ set: DataSetDefinition) throws -> DataSet? {
    let found = try catalog.dataSets(named: set.name)
    guard found.count < 2 else {
      throw DeploymentFailure(
        "the sandbox '\(registry.client.settings.sandbox)' has \(found.count) data sets named "
          + "'\(set.name)' (\(found.map(\.id).joined(separator: ", "))); remove or rename all but one"
      )
    }
    return found.first
  }

  // MARK: Making

  /// Makes what is missing and gives the ids of the data sets by their roles.
  ///
  /// Each thing is looked for before it is made, so a call that was killed goes on where it was. What
  /// differs is an error and stays as it is. `say` gets a line for each thing.
  package func deploy(say: (String) -> Void) throws -> [String: String] {
    let differing = try status().filter { $0.state == .differs }
    guard differing.isEmpty else {
      throw DeploymentFailure(
        differing.map { "the \($0.kind) '\($0.name)' differs: \($0.detail)" }
          .joined(separator: "\n"))
    }
    var ids: [String: String] = [:]
    for set in datasets { ids[set.role] = try deploy(set, say) }
    return ids
  }

  private func deploy(_ set: DataSetDefinition, _ say: (String) -> Void) throws -> String {
    let schema = set.schema
    var group: RegistryItem?
    if !schema.fields.isEmpty {
      group = try registry.ensure(
        .fieldGroups, titled: schema.groupTitle, schema.fieldGroup(tenant: tenant))
      say("field group '\(schema.groupTitle)'")
    }
    let item = try registry.ensure(
      .schemas, titled: schema.title, schema.schema(group: group?.id))
    say("schema '\(schema.title)'")
    try registry.ensureIdentity(schema, schema: item.id)
    say("identity \(schema.identity) of '\(schema.title)'")
    let document = try registry.get(.schemas, item.altID) ?? .null
    if !Registry.isProfileEnabled(document) { try registry.enableProfile(schema: item.altID) }
    say("schema '\(schema.title)' feeds profiles")
    let id = try registry.client.once {
      try dataSet(set)?.id
    } make: {
      try catalog.makeDataSet(name: set.name, schema: item.id)
    }
    if try catalog.dataSet(id)?.isProfileEnabled != true { try catalog.enableProfile(dataset: id) }
    say("data set '\(set.name)' \(id) feeds profiles")
    return id
  }

  // MARK: Removing

  /// What can be removed, in the order of removal.
  package func removable() throws -> [DeployedThing] {
    try status().filter {
      $0.state != .missing && ["data set", "schema", "field group"].contains($0.kind)
    }
    .sorted { Self.rank($0.kind) < Self.rank($1.kind) }
  }

  private static func rank(_ kind: String) -> Int {
    ["data set", "schema", "field group"].firstIndex(of: kind) ?? 3
  }

  /// Removes data sets with their rows, schemas and field groups, and gives what the platform keeps.
  ///
  /// A schema that feeds profiles stays: the registry refuses to delete it.
  package func destroy(say: (String) -> Void) throws -> [DeployedThing] {
    for set in datasets {
      guard let found = try dataSet(set) else { continue }
      if try catalog.delete(dataset: found.id) { say("data set '\(set.name)' removed") }
    }
    var kept: [DeployedThing] = []
    for set in datasets {
      try remove(.schemas, "schema", set.schema.title, say, &kept)
      if !set.schema.fields.isEmpty {
        try remove(.fieldGroups, "field group", set.schema.groupTitle, say, &kept)
      }
    }
    return kept
  }

  private func remove(
    _ kind: Registry.Kind, _ word: String, _ title: String, _ say: (String) -> Void,
    _ kept: inout [DeployedThing]
  ) throws {
    guard let item = try registry.find(kind, titled: title) else { return }
    do {
      if try registry.delete(kind, item.altID) { say("\(word) '\(title)' removed") }
    } catch {
      guard let fault = error as? PlatformFault, [400, 403, 405, 409].contains(fault.status) else {
        throw error
      }
      kept.append(
        DeployedThing(kind: word, name: title, state: .present, detail: fault.message))
    }
  }
}
