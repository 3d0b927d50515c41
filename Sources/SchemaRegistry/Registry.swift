// The Schema Registry: what is found by its title, made, read and removed.
import AdobePlatform
import Content
import HTTP

/// A thing of the registry.
package struct RegistryItem: Hashable, Sendable {
  /// `https://ns.adobe.com/acme/schemas/...`.
  package let id: String
  /// The id as paths have it.
  package let altID: String
  package let title: String

  init?(_ json: JSONValue) {
    guard let id = json["$id"]?.string, let altID = json["meta:altId"]?.string else { return nil }
    self.id = id
    self.altID = altID
    title = json["title"]?.string ?? ""
  }
}

/// An identity of a schema.
package struct IdentityDescriptor: Hashable, Sendable {
  package let id: String
  package let schema: String
  /// The path of the field.
  package let property: String
  package let namespace: String
  package let isPrimary: Bool

  init?(_ json: JSONValue) {
    guard let id = json["@id"]?.string, let schema = json["xdm:sourceSchema"]?.string,
      let property = json["xdm:sourceProperty"]?.string
    else { return nil }
    self.id = id
    self.schema = schema
    self.property = property
    namespace = json["xdm:namespace"]?.string ?? ""
    isPrimary = json["xdm:isPrimary"]?.bool ?? false
  }
}

/// Reads and changes the tenant's part of the Schema Registry.
package struct Registry: Sendable {
  package enum Kind: String, Sendable { case fieldGroups = "fieldgroups", schemas }

  package let client: PlatformClient
  static let root = "/data/foundation/schemaregistry"
  private static let short = "application/vnd.adobe.xed-id+json"
  private static let lookup = "application/vnd.adobe.xed+json; version=1"

  package init(_ client: PlatformClient) { self.client = client }

  /// The tenant's name, without the underscore.
  package func tenant() throws -> String {
    let path = "\(Self.root)/stats"
    guard let tenant = try client.get(path)["tenantId"]?.string, !tenant.isEmpty else {
      throw UnexpectedAnswer("GET \(path)", expected: "tenantId")
    }
    return tenant
  }

  /// The thing of a title, nil where there is none; two of them are an error.
  package func find(_ kind: Kind, titled title: String) throws -> RegistryItem? {
    let entries = try client.registryEntries(
      "\(Self.root)/tenant/\(kind.rawValue)", accept: Self.short)
    let found = entries.compactMap(RegistryItem.init).filter { $0.title == title }
    guard found.count < 2 else {
      throw DeploymentFailure(
        "the sandbox '\(client.settings.sandbox)' has \(found.count) things titled '\(title)' "
          + "(\(found.map(\.id).joined(separator: ", "))); remove or rename all but one of them")
    }
    return found.first
  }

  /// All of a thing; nil where it is not there any more.
  package func get(_ kind: Kind, _ altID: String) throws -> JSONValue? {
    try client.find(
      "\(Self.root)/tenant/\(kind.rawValue)/\(PercentEncoding.encode(altID))", accept: Self.lookup)
  }

  /// Makes a thing unless one of its title is there.
  package func ensure(_ kind: Kind, titled title: String, _ body: JSONValue) throws -> RegistryItem
  {
    let path = "\(Self.root)/tenant/\(kind.rawValue)"
    return try client.once {
      try find(kind, titled: title)
    } make: {
      let answer = try client.post(path, [], body, accept: Self.lookup)
      guard let item = RegistryItem(answer) else {
        throw UnexpectedAnswer("POST \(path)", expected: "$id and meta:altId")
      }
      return item
    }
  }

  /// Removes a thing; false where it was not there.
  package func delete(_ kind: Kind, _ altID: String) throws -> Bool {
    try client.delete("\(Self.root)/tenant/\(kind.rawValue)/\(PercentEncoding.encode(altID))")
  }

  /// The identities of a schema.
  package func identities(ofSchema id: String) throws -> [IdentityDescriptor] {
    let path = "\(Self.root)/tenant/descriptors"
    let answer = try client.get(path, accept: "application/vnd.adobe.xdm+json")
    return (answer["xdm:descriptorIdentity"]?.array ?? []).compactMap(IdentityDescriptor.init)
      .filter { $0.schema == id }
  }

  /// Makes an identity unless the schema has that one.
  package func ensureIdentity(_ definition: SchemaDefinition, schema id: String) throws {
    let path = "\(Self.root)/tenant/descriptors"
    _ = try client.once { () -> Bool? in
      let primary = try identities(ofSchema: id).filter(\.isPrimary)
      guard let first = primary.first else { return nil }
      if let difference = Self.difference(primary, definition) {
        throw DeploymentFailure("the schema '\(definition.title)': \(difference)")
      }
      return first.isPrimary
    } make: {
      try client.post(path, [], definition.descriptor(schema: id))
      return true
    }
  }

  /// How the primary identities of a schema differ; nil where they do not.
  static func difference(
    _ primary: [IdentityDescriptor], _ definition: SchemaDefinition
  ) -> String? {
    guard primary.count < 2 else {
      return "it has \(primary.count) primary identities "
        + "(\(primary.map(\.property).joined(separator: ", "))); remove all but \(definition.identity)"
    }
    guard let found = primary.first else { return "it has no primary identity" }
    guard found.property == definition.identity, ["ECID", "4"].contains(found.namespace) else {
      return "its primary identity is \(found.property) (\(found.namespace)), expected "
        + "\(definition.identity) (ECID); a second one would be wrong, so nothing was made"
    }
    return nil
  }

  /// Removes an identity; false where it was not there.
  package func delete(identity id: String) throws -> Bool {
    try client.delete("\(Self.root)/tenant/descriptors/\(PercentEncoding.encode(id))")
  }

  /// Whether the schema feeds profiles.
  package static func isProfileEnabled(_ schema: JSONValue) -> Bool {
    schema["meta:immutableTags"]?.array?.contains("union") ?? false
  }

  /// Lets a schema feed profiles, for ever.
  package func enableProfile(schema altID: String) throws {
    try client.patch(
      "\(Self.root)/tenant/schemas/\(PercentEncoding.encode(altID))",
      [JSONPatch("add", "/meta:immutableTags", ["union"])], contentType: "application/json",
      accept: Self.lookup)
  }
}

/// Why something cannot be deployed, in words for the user.
package struct DeploymentFailure: Error, Hashable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
