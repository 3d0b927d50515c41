// A stack of an account that is a folder, as a document.
import Content

/// A stack in a folder.
package struct FolderStack: Sendable, Hashable {
  /// What was made of a resource of the template.
  package struct Resource: Sendable, Hashable {
    package var name: String
    package var type: String
    /// Its name, or one that was made.
    package var identity: String
    /// Without functions.
    package var properties: JSONValue
  }

  package var name: String
  /// As CloudFormation calls it; `..._IN_PROGRESS` where a call was interrupted.
  package var status: String
  package var template: JSONValue
  package var parameters: [String: String]
  package var outputs: [String: String]
  package var tags: [String: String]
  package var resources: [Resource]

  package var isSound: Bool { status == "CREATE_COMPLETE" || status == "UPDATE_COMPLETE" }

  /// The document.
  var json: JSONValue {
    [
      "v": 1, "name": .string(name), "status": .string(status), "template": template,
      "parameters": .object(parameters.mapValues { .string($0) }),
      "outputs": .object(outputs.mapValues { .string($0) }),
      "tags": .object(tags.mapValues { .string($0) }),
      "resources": .array(
        resources.map {
          [
            "name": .string($0.name), "type": .string($0.type), "identity": .string($0.identity),
            "properties": $0.properties,
          ]
        }),
    ]
  }

  init(
    name: String, status: String, template: JSONValue, parameters: [String: String],
    outputs: [String: String], tags: [String: String], resources: [Resource]
  ) {
    self.name = name
    self.status = status
    self.template = template
    self.parameters = parameters
    self.outputs = outputs
    self.tags = tags
    self.resources = resources
  }

  /// Reads a document; nil where the bytes are none.
  package init?(reading bytes: [UInt8]) {
    guard let value = try? JSONValue(parsing: bytes), value["v"] == 1,
      let name = value["name"]?.string, let status = value["status"]?.string,
      let template = value["template"], template.object != nil
    else { return nil }
    func texts(_ key: String) -> [String: String]? {
      guard let members = value[key]?.object else { return nil }
      let texts = members.compactMapValues(\.string)
      return texts.count == members.count ? texts : nil
    }
    guard FolderNames.isStack(name), let parameters = texts("parameters"),
      let outputs = texts("outputs"), let tags = texts("tags"),
      let entries = value["resources"]?.array
    else { return nil }
    let resources = entries.compactMap { entry -> Resource? in
      guard let name = entry["name"]?.string, let type = entry["type"]?.string,
        let identity = entry["identity"]?.string
      else { return nil }
      return Resource(
        name: name, type: type, identity: identity, properties: entry["properties"] ?? .null)
    }
    guard resources.count == entries.count else { return nil }
    self.init(
      name: name, status: status, template: template, parameters: parameters, outputs: outputs,
      tags: tags, resources: resources)
  }
}

/// Names that become names of files in a folder.
package enum FolderNames {
  /// Whether a name may be that of a stack: a letter, then letters, digits and `-`.
  package static func isStack(_ name: String) -> Bool {
    let bytes = name.utf8
    guard (1...128).contains(bytes.count), let first = bytes.first else { return false }
    return isLetter(first)
      && bytes.allSatisfy { isLetter($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
  }

  /// Whether a name may be that of a parameter: parts behind `/`, none of which is `.` or `..`.
  package static func isParameter(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    return name.hasPrefix("/") && name.utf8.count <= 1011 && !parts.isEmpty
      && parts.allSatisfy(isPart)
  }

  /// Whether a name may be that of a bucket.
  package static func isBucket(_ name: String) -> Bool {
    (3...63).contains(name.utf8.count) && isPart(name[...]) && name == name.lowercased()
  }

  private static func isPart(_ part: Substring) -> Bool {
    !part.isEmpty && part != "." && part != ".."
      && part.utf8.allSatisfy {
        isLetter($0) || (48...57).contains($0) || "_.-".utf8.contains($0)
      }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte)
  }
}
