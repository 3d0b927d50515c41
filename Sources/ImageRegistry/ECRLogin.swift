// Credentials for a registry of ECR: a token of twelve hours for the AWS credentials of the caller.
import AWS
import Content
import HTTP
import Signing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A registry of ECR by its host.
package struct ECRRegistry: Sendable, Hashable {
  package let account: String
  package let region: String

  /// Parses `ACCOUNT.dkr.ecr.REGION.amazonaws.com`, also with `.cn`; nil for other hosts.
  package init?(host: String) {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 6 || (parts.count == 7 && parts[6] == "cn"), parts[0].count == 12,
      parts[0].utf8.allSatisfy({ (48...57).contains($0) }), parts[1] == "dkr", parts[2] == "ecr",
      !parts[3].isEmpty, parts[4] == "amazonaws", parts[5] == "com"
    else { return nil }
    (account, region) = (parts[0], parts[3])
  }
}

/// The calls to ECR that a push needs.
package struct ECRLogin: Sendable {
  private static let prefix = "AmazonEC2ContainerRegistry_V20150921"

  private let service: ServiceClient

  /// `service` signs for `ecr` in the registry's region.
  package init(_ service: ServiceClient) { self.service = service }

  /// User and password for a registry.
  package func credentials() throws -> RegistryCredentials {
    let answer = try ask("GetAuthorizationToken", [:])
    guard
      let text = answer["authorizationData"]?.array?.first?["authorizationToken"]?.string,
      let data = Data(base64Encoded: text), let pair = String(validating: data, as: UTF8.self),
      let colon = pair.firstIndex(of: ":")
    else {
      throw RegistryError.badAnswer(host: "\(service.base)", reason: "no authorization token")
    }
    return RegistryCredentials(
      user: String(pair[..<colon]),
      password: HiddenText(String(pair[pair.index(after: colon)...])),
      source: "GetAuthorizationToken of ECR")
  }

  /// Makes a repository; false where it is there already.
  package func create(
    _ repository: String, account: String, tags: [(key: String, value: String)]
  ) throws -> Bool {
    do {
      _ = try ask(
        "CreateRepository",
        .object([
          "registryId": .string(account), "repositoryName": .string(repository),
          "tags": .array(
            tags.map { .object(["Key": .string($0.key), "Value": .string($0.value)]) }),
        ]))
      return true
    } catch RegistryError.ecr(_, let fault) where fault.code == "RepositoryAlreadyExistsException" {
      return false
    }
  }

  private func ask(_ action: String, _ parameters: JSONValue) throws -> JSONValue {
    do {
      return try service.json("\(Self.prefix).\(action)", parameters)
    } catch let fault as ServiceFault {
      throw RegistryError.ecr(action: action, fault)
    }
  }
}
