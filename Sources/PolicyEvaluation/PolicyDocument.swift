// A policy document of IAM as values, read strictly. It knows no service and decides nothing.
import Content

/// A document that cannot be evaluated, with the place of the fault.
package struct PolicyFault: Error, CustomStringConvertible {
  /// The document, statement and element.
  package let place: String
  /// What is wrong there.
  package let problem: String
  /// The fault in one line.
  package var description: String { "\(place): \(problem)" }
}

/// What a statement does when it matches.
package enum PolicyEffect: String, Sendable {
  case allow = "Allow"
  case deny = "Deny"
}

/// A list of patterns, or all that it does not name (`NotAction`, `NotResource`).
package struct PolicyChoice: Hashable, Sendable {
  package let patterns: [String]
  package let isNegated: Bool
}

/// One comparison of a `Condition`.
package struct PolicyCondition: Hashable, Sendable {
  package let comparison: PolicyOperator
  /// The key of the request's context, as written.
  package let key: String
  package let values: [String]
}

/// Who a statement of a resource's policy means.
package enum PolicyPrincipal: Hashable, Sendable {
  case everybody
  /// An account, by its id or the ARN of its root: its own policies decide further.
  case account(String)
  /// A role, user or session by its ARN.
  case arn(String)
  /// A service, such as `sagemaker.amazonaws.com`.
  case service(String)
}

/// One statement of a document.
package struct PolicyStatement: Hashable, Sendable {
  /// `Sid`, or the position in the document, from 1.
  package let name: String
  package let effect: PolicyEffect
  package let actions: PolicyChoice
  /// Nil in a trust policy, which is on its own role.
  package let resources: PolicyChoice?
  /// Nil in a policy of a principal.
  package let principals: [PolicyPrincipal]?
  package let conditions: [PolicyCondition]
}

/// A policy document: a name for people, and its statements in order.
package struct PolicyDocument: Hashable, Sendable {
  package let name: String
  package let statements: [PolicyStatement]

  /// Reads a document of version 2012-10-17.
  ///
  /// Source: the user guide of IAM, "Grammar of the IAM JSON policy language".
  ///
  /// - Throws: `PolicyFault` for what the grammar does not have, and for `NotPrincipal`,
  ///   `Federated` and `CanonicalUser`, which are not evaluated.
  package init(_ document: JSONValue, name: String) throws {
    let reader = StatementReader(document: name)
    guard document["Version"] == "2012-10-17" else {
      throw PolicyFault(place: name, problem: "Version is not \"2012-10-17\"")
    }
    let listed = document["Statement"]?.array ?? document["Statement"].map { [$0] } ?? []
    guard !listed.isEmpty else { throw PolicyFault(place: name, problem: "there is no Statement") }
    self.name = name
    statements = try listed.enumerated().map { try reader.statement($1, number: $0 + 1) }
    let names = statements.map(\.name)
    if let twice = names.first(where: { one in names.count { $0 == one } > 1 }) {
      throw PolicyFault(place: name, problem: "two statements are called \(twice)")
    }
  }
}
