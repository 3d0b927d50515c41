// What a schema is to be: its class, its fields and who its rows are about. It sends nothing.
import Content

/// The classes of XDM that schemas here are of.
package enum XDMClass: String, Sendable {
  case experienceEvent = "https://ns.adobe.com/xdm/context/experienceevent"
  case profile = "https://ns.adobe.com/xdm/context/profile"
}

/// A field of the tenant's own.
package struct TenantField: Sendable, Hashable {
  package let name: String
  /// `string` or `number`.
  package let type: String

  package init(_ name: String, _ type: String) {
    self.name = name
    self.type = type
  }
}

/// A schema, with the field group of the tenant's fields where it has any.
package struct SchemaDefinition: Sendable, Hashable {
  package var title: String
  package var summary: String
  package var kind: XDMClass
  /// The ids of Adobe's field groups.
  package var standardGroups: [String]
  package var fields: [TenantField]
  /// Where the primary identity is, such as `/_acme/cmle_id`.
  package var identity: String

  package init(
    title: String, summary: String, kind: XDMClass, standardGroups: [String] = [],
    fields: [TenantField] = [], identity: String
  ) {
    self.title = title
    self.summary = summary
    self.kind = kind
    self.standardGroups = standardGroups
    self.fields = fields
    self.identity = identity
  }

  /// The title of the field group.
  package var groupTitle: String { "\(title) fields" }

  /// The request for the field group.
  func fieldGroup(tenant: String) -> JSONValue {
    let properties = fields.map { field -> (String, JSONValue) in
      (field.name, ["type": .string(field.type), "title": .string(field.name)])
    }
    let own: JSONValue = [
      "type": "object", "properties": .object(Dictionary(uniqueKeysWithValues: properties)),
    ]
    return [
      "type": "object", "title": .string(groupTitle), "description": .string(summary),
      "meta:intendedToExtend": [.string(kind.rawValue)],
      "definitions": ["customFields": ["properties": .object(["_\(tenant)": own])]],
      "allOf": [["$ref": "#/definitions/customFields"]],
    ]
  }

  /// What the schema is made of; `group` is the id of the field group.
  func parts(group: String?) -> [String] {
    [kind.rawValue] + standardGroups + [group].compactMap(\.self)
  }

  func schema(group: String?) -> JSONValue {
    [
      "type": "object", "title": .string(title), "description": .string(summary),
      "allOf": .array(parts(group: group).map { ["$ref": .string($0)] }),
    ]
  }

  func descriptor(schema id: String) -> JSONValue {
    [
      "@type": "xdm:descriptorIdentity", "xdm:sourceSchema": .string(id), "xdm:sourceVersion": 1,
      "xdm:sourceProperty": .string(identity), "xdm:namespace": "ECID", "xdm:property": "xdm:id",
      "xdm:isPrimary": true,
    ]
  }

  // MARK: Comparing

  /// How a field group that is there differs; nil where it does not.
  func difference(ofFieldGroup found: JSONValue, tenant: String) -> String? {
    let extends = found["meta:intendedToExtend"]?.array?.compactMap(\.string) ?? []
    guard extends == [kind.rawValue] else {
      return "it extends \(extends.joined(separator: ", ")), expected \(kind.rawValue)"
    }
    let definitions = (found["definitions"]?.object ?? [:]).values
    let own = definitions.compactMap { $0["properties"]?["_\(tenant)"]?["properties"]?.object }
      .reduce(into: [:]) { $0.merge($1) { $1 } }
    let types = own.mapValues { $0["type"]?.string ?? "?" }
    let wanted = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.type) })
    guard types == wanted else {
      return "it has the fields \(Self.shown(types)), expected \(Self.shown(wanted))"
    }
    return nil
  }

  private static func shown(_ types: [String: String]) -> String {
    types.isEmpty
      ? "none"
      : types.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }

  /// How a schema that is there differs; nil where it does not.
  func difference(ofSchema found: JSONValue, group: String?) -> String? {
    let parts = (found["allOf"]?.array ?? []).compactMap { $0["$ref"]?.string }
    let wanted = self.parts(group: group)
    guard Set(parts) == Set(wanted) else {
      return "it is made of \(parts.sorted().joined(separator: ", ")), expected "
        + wanted.sorted().joined(separator: ", ")
    }
    return nil
  }
}
