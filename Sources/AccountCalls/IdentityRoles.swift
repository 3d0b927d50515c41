// The trust of roles, as IAM keeps it. It changes nothing.
import AWS
import Content
import HTTP
import Signing

/// A thin client of IAM for what a check reads; every call blocks and throws as `ServiceClient.send` does.
package struct IdentityRoles: Sendable {
  private let service: ServiceClient

  /// IAM has one address for all regions, whose requests are signed for us-east-1.
  package init(_ clients: ServiceClients) throws {
    var client = try clients.client("iam")
    if AWSSettings.isOwn(client.base) {
      client.base = ServiceURL(scheme: "https", host: "iam.amazonaws.com")
      client.signer = Signer(
        region: "us-east-1", service: "iam", pathRule: .encodedAgain(normalized: true),
        sendsPayloadHash: false)
    }
    service = client
  }

  /// The trust of a role; nil where there is no such role.
  package func trust(of role: String) throws -> JSONValue? {
    let answer: XMLTree
    do {
      answer = try service.query(
        "GetRole", version: "2010-05-08", [QueryItem("RoleName", role)])
    } catch let fault as ServiceFault where fault.code == "NoSuchEntity" {
      return nil
    }
    guard let text = answer.first("Role")?.text(of: "AssumeRolePolicyDocument") else { return nil }
    return try JSONValue(parsing: text.removingPercent)
  }
}

extension String {
  /// Without the escapes of a URL; itself where they are not valid.
  fileprivate var removingPercent: String {
    var bytes: [UInt8] = []
    var rest = utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else {
        bytes.append(byte)
        continue
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self) ?? self
  }
}
