// SageMaker Studio: the parts of a domain that keep it from being removed.
import AWS
import Content

/// An app that runs for a user or in a space of a domain.
package struct StudioApp: Sendable, Hashable {
  package var domain: String
  package var user: String?
  package var space: String?
  package var type: String
  package var name: String
  /// `InService`, `Deleting`, `Failed`, ...; those that were deleted are still listed for a day.
  package var status: String

  package var isGone: Bool { status == "Deleted" }
}

/// A thin client of SageMaker; every call blocks and throws as `ServiceClient.send` does.
package struct StudioClient: Sendable {
  package var service: ServiceClient

  package init(_ service: ServiceClient) { self.service = service }

  /// The file system of the home folders; nil where there is no such domain.
  package func fileSystem(ofDomain id: String) throws -> String? {
    do {
      return try call("DescribeDomain", ["DomainId": .string(id)])["HomeEfsFileSystemId"]?.string
    } catch let fault as ServiceFault where fault.meansNoSuchDomain {
      return nil
    }
  }

  /// The apps of a domain that are not gone.
  package func apps(inDomain id: String) throws -> [StudioApp] {
    try all("ListApps", "Apps", domain: id).map { entry in
      StudioApp(
        domain: id, user: entry["UserProfileName"]?.string, space: entry["SpaceName"]?.string,
        type: entry["AppType"]?.string ?? "", name: entry["AppName"]?.string ?? "",
        status: entry["Status"]?.string ?? "")
    }.filter { !$0.isGone }
  }

  package func spaces(inDomain id: String) throws -> [String] {
    try all("ListSpaces", "Spaces", domain: id).compactMap { $0["SpaceName"]?.string }
  }

  package func userProfiles(inDomain id: String) throws -> [String] {
    try all("ListUserProfiles", "UserProfiles", domain: id)
      .compactMap { $0["UserProfileName"]?.string }
  }

  /// Begins to remove an app.
  package func delete(_ app: StudioApp) throws {
    var parameters: [String: JSONValue] = [
      "DomainId": .string(app.domain), "AppType": .string(app.type), "AppName": .string(app.name),
    ]
    if let user = app.user { parameters["UserProfileName"] = .string(user) }
    if let space = app.space { parameters["SpaceName"] = .string(space) }
    _ = try call("DeleteApp", .object(parameters))
  }

  /// Begins to remove a space, whose apps are gone.
  package func deleteSpace(_ name: String, inDomain id: String) throws {
    _ = try call("DeleteSpace", ["DomainId": .string(id), "SpaceName": .string(name)])
  }

  /// Begins to remove a user profile, whose apps are gone.
  package func deleteUserProfile(_ name: String, inDomain id: String) throws {
    _ = try call(
      "DeleteUserProfile", ["DomainId": .string(id), "UserProfileName": .string(name)])
  }

  private func call(_ action: String, _ parameters: JSONValue) throws -> JSONValue {
    try service.json("SageMaker.\(action)", parameters)
  }

  private func all(_ action: String, _ list: String, domain: String) throws -> [JSONValue] {
    var entries: [JSONValue] = []
    var parameters: [String: JSONValue] = ["DomainIdEquals": .string(domain)]
    while true {
      let page = try call(action, .object(parameters))
      entries += page[list]?.array ?? []
      guard let token = page["NextToken"]?.string, !token.isEmpty else { return entries }
      parameters["NextToken"] = .string(token)
    }
  }
}

extension ServiceFault {
  /// SageMaker has two words for it.
  fileprivate var meansNoSuchDomain: Bool {
    code == "ResourceNotFound"
      || (code.hasPrefix("Validation") && message.lowercased().contains("could not find"))
  }
}
