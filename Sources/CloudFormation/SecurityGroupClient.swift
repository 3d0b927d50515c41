// EC2: the security groups that another service made in a network and left there.
import AWS
import HTTP

/// A security group, and the ids of its rules.
package struct SecurityGroup: Sendable, Hashable {
  package var id: String
  package var name: String
}

/// A thin client of EC2; every call blocks and throws as `ServiceClient.send` does.
package struct SecurityGroupClient: Sendable {
  private static let version = "2016-11-15"

  package var service: ServiceClient

  package init(_ service: ServiceClient) { self.service = service }

  /// The security groups of a network; none where there is no such network.
  package func groups(inVPC id: String) throws -> [SecurityGroup] {
    try all("DescribeSecurityGroups", "securityGroupInfo", Self.filter("vpc-id", id))
      .compactMap { item in
        guard let id = item.text(of: "groupId") else { return nil }
        return SecurityGroup(id: id, name: item.text(of: "groupName") ?? "")
      }
  }

  /// Takes all rules out of a group, so that groups which name each other can be removed; whether there were
  /// any.
  @discardableResult
  package func revokeRules(of group: String) throws -> Bool {
    let rules = try all(
      "DescribeSecurityGroupRules", "securityGroupRuleSet", Self.filter("group-id", group))
    for (way, isEgress) in [("Ingress", "false"), ("Egress", "true")] {
      let ids = rules.filter { $0.text(of: "isEgress") == isEgress }
        .compactMap { $0.text(of: "securityGroupRuleId") }
      guard !ids.isEmpty else { continue }
      let items = ids.enumerated().map { index, id in
        QueryItem("SecurityGroupRuleId.\(index + 1)", id)
      }
      _ = try call("RevokeSecurityGroup\(way)", [QueryItem("GroupId", group)] + items)
    }
    return !rules.isEmpty
  }

  /// Removes a group; one that is gone is fine.
  package func delete(group id: String) throws {
    do {
      _ = try call("DeleteSecurityGroup", [QueryItem("GroupId", id)])
    } catch let fault as ServiceFault where fault.code == "InvalidGroup.NotFound" {
      return
    }
  }

  private static func filter(_ name: String, _ value: String) -> [QueryItem] {
    [QueryItem("Filter.1.Name", name), QueryItem("Filter.1.Value.1", value)]
  }

  private func call(_ action: String, _ items: [QueryItem]) throws -> XMLTree {
    try service.query(action, version: Self.version, items)
  }

  private func all(_ action: String, _ list: String, _ items: [QueryItem]) throws -> [XMLTree] {
    var entries: [XMLTree] = []
    var token: [QueryItem] = []
    while true {
      let page = try call(action, items + token)
      entries += page.first(list)?.all("item") ?? []
      guard let next = page.text(of: "nextToken"), !next.isEmpty else { return entries }
      token = [QueryItem("NextToken", next)]
    }
  }
}
