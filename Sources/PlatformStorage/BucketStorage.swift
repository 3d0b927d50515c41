// The bucket of data flows by S3, and the stack's user whose keys the platform gets.
import AWS
import CloudFormation
import Configuration
import DataFlows
import HTTP
import PlatformActions
import S3

/// Objects of a bucket, and the keys of the stack's data flow user.
package struct BucketStorage: FlowStorage {
  private let client: @Sendable (String) throws -> S3Client
  private let services: @Sendable () throws -> ServiceClients
  /// The name or id of the stack.
  private let stack: String

  /// `client` gives a client of a bucket, `services` those of CloudFormation and Secrets Manager.
  package init(
    stack: String, client: @escaping @Sendable (String) throws -> S3Client,
    services: @escaping @Sendable () throws -> ServiceClients
  ) {
    self.stack = stack
    self.client = client
    self.services = services
  }

  package func keys(below place: StoragePlace) throws -> [String] {
    var listing = try client(place.bucket).list(prefix: place.key(""))
    return try listing.all().map(\.key).sorted()
  }

  package func fetch(_ key: String, of place: StoragePlace, to path: String) throws {
    _ = try client(place.bucket).get(key, file: path)
  }

  package func put(_ path: String, at key: String, of place: StoragePlace) throws {
    try client(place.bucket).put(file: path, key: key)
  }

  /// The outputs DataFlowUserAccessKey and DataFlowUserSecretKey of the stack; the second names a secret.
  package func accessKeys() throws -> StorageKeys {
    let services = try services()
    guard !stack.isEmpty,
      let found = try CloudFormationClient(services.client("cloudformation")).stack(stack)
    else {
      throw MissingFlowUser(
        what: stack.isEmpty
          ? "[AWS] cfn_stack_id is empty" : "there is no stack '\(stack)' ([AWS] cfn_stack_id)")
    }
    guard let key = found.outputs["DataFlowUserAccessKey"],
      let name = found.outputs["DataFlowUserSecretKey"]
    else {
      throw MissingFlowUser(
        what:
          "the stack \(found.name) has no outputs DataFlowUserAccessKey and DataFlowUserSecretKey")
    }
    let secret = try services.client("secretsmanager", id: "secrets manager").secret(name)
    return try StorageKeys(accessKey: Secret(key), secretKey: Secret(secret.reveal()))
  }
}

/// Nobody can be named whom the platform acts as in the bucket.
package struct MissingFlowUser: Error, CustomStringConvertible {
  let what: String

  package var description: String {
    "a data flow needs the keys of a user in the bucket: \(what); make the stack (atelier stack deploy), "
      + "or let transfer = access and scores = batch go without flows"
  }
}
