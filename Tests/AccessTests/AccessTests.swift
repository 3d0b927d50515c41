// Who may do what, by the documents that are deployed.
import AccessPolicies
import Content
import PolicyEvaluation
import Testing

@Suite struct AccessTests {
  @Test(arguments: AccessTable.cases)
  func theTable(row: AccessCase) throws {
    let decision = try row.question.decide(Ask.names, sharing: row.sharing)
    #expect(decision.isAllowed == row.isAllowed, "\(decision)")
    switch decision {
    case .allowed(let place), .denied(let place):
      #expect(place.statement == row.statement, "\(decision)")
    case .notAllowed: #expect(row.statement == nil, "\(decision)")
    }
  }

  @Test func theTableAsksOften() {
    #expect(AccessTable.cases.count >= 60)
    #expect(Set(AccessTable.cases.map(\.title)).count >= 60)
    #expect(AccessTable.cases.count { $0.isAllowed } >= 25)
    #expect(AccessTable.cases.count { !$0.isAllowed } >= 25)
  }

  /// Each statement decides some row, so that a statement too many or too few is seen.
  @Test func eachStatementDecidesSomething() throws {
    let deciding = Set(AccessTable.cases.compactMap(\.statement))
    var named: Set<String> = []
    for set in PermissionSet.allCases {
      let policy = try PolicyDocument(set.policy(Ask.names), name: set.rawValue)
      named.formUnion(policy.statements.map(\.name))
    }
    let quiet: Set<String> = [
      // Reading of lists, what a service needs beside the action asked for, and removals.
      "SeeAll", "SeeLogs", "SeeDeployments", "PassRoleOfLaunches", "RemoveProjects",
      "KeepProfiles",
    ]
    #expect(named.subtracting(deciding).subtracting(quiet) == [])
  }

  /// Without the statement that allows, the answer is no: none is there twice.
  @Test(arguments: PermissionSet.allCases)
  func noStatementAllowsWhatAnotherDoes(set: PermissionSet) throws {
    let statements = try #require(set.policy(Ask.names)["Statement"]?.array)
    for row in AccessTable.cases where row.isAllowed && row.sharing == nil {
      guard case .person(set) = row.question.subject else { continue }
      let fewer = statements.filter { $0["Sid"]?.string != row.statement }
      #expect(fewer.count == statements.count - 1, "\(row.title)")
      let document = try PolicyDocument(
        ["Version": "2012-10-17", "Statement": .array(fewer)], name: "fewer")
      let decision = PolicyEvaluation(identity: [document]).decide(
        row.question.request(Ask.names))
      #expect(!decision.isAllowed, "\(row.title): \(decision)")
    }
  }

  @Test func documentsFitTheirLimits() throws {
    for set in PermissionSet.allCases {
      #expect(set.name(Ask.names).utf8.count <= 32)
      #expect(try set.policy(Ask.names).canonicalText().utf8.count <= 32_768)
    }
    let sharing = Ask.sharing(String(repeating: "p", count: 32))
    // Of a role's inline policies, without spaces; of a role's trust.
    #expect(try sharing.rolePolicy().canonicalText().utf8.count <= 10_240)
    #expect(try sharing.rolePolicy(in: prod).canonicalText().utf8.count <= 10_240)
    #expect(try sharing.roleTrust.canonicalText().utf8.count <= 2048)
    #expect(try sharing.bucketPolicy.canonicalText().utf8.count <= 20_480)
  }
}
