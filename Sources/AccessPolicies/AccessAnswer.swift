// Which documents answer a question.
import PolicyEvaluation

extension AccessQuestion {
  /// Decides the question by the documents of the permission sets and of one project's resources.
  ///
  /// - Parameter sharing: the project that the resource belongs to; its bucket, key, models and role
  ///   have policies of their own. Nil for resources of no project.
  /// - Throws: `PolicyFault`, where a document cannot be evaluated.
  package func decide(_ names: AccessNames, sharing: ProjectSharing?) throws -> AccessDecision {
    try PolicyEvaluation(
      identity: identity(names, sharing), resource: resourcePolicy(names, sharing),
      resourceAccount: sharing?.account
    ).decide(request(names))
  }

  private func identity(
    _ names: AccessNames, _ sharing: ProjectSharing?
  ) throws -> [PolicyDocument] {
    switch subject {
    case .service: return []
    case .person(let set):
      return [
        try PolicyDocument(set.policy(names), name: "the permission set \(set.name(names))")
      ]
    case .projectRole(let project):
      // The role's own project, whatever the resource's.
      let home = sharing?.account ?? account
      let own = ProjectSharing(names: names, project: project, account: home, readers: [])
      return [
        try PolicyDocument(
          own.rolePolicy(in: account), name: "the policy of role \(names.role(of: project))")
      ]
    }
  }

  private func resourcePolicy(
    _ names: AccessNames, _ sharing: ProjectSharing?
  ) throws -> PolicyDocument? {
    guard let sharing else { return nil }
    let parts = resource.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6 else { return nil }
    let (service, rest) = (parts[2], parts[5])
    switch service {
    case "s3":
      let bucket = names.bucket(of: sharing.project, account: sharing.account)
      guard rest == bucket || rest.hasPrefix("\(bucket)/") else { return nil }
      return try PolicyDocument(sharing.bucketPolicy, name: "the policy of bucket \(bucket)")
    case "kms":
      return try PolicyDocument(
        sharing.keyPolicy, name: "the policy of the key of \(sharing.project)")
    case "iam":
      guard rest.split(separator: "/").last.map(String.init) == names.role(of: sharing.project)
      else { return nil }
      return try PolicyDocument(
        sharing.roleTrust, name: "the trust of role \(names.role(of: sharing.project))")
    case "sagemaker":
      let pieces = rest.split(separator: "/").map(String.init)
      guard pieces.count >= 2, pieces[0] == "model-package" || pieces[0] == "model-package-group",
        let policy = sharing.groupPolicy(pieces[1], region: String(parts[3]))
      else { return nil }
      return try PolicyDocument(policy, name: "the policy of model package group \(pieces[1])")
    default: return nil
    }
  }
}
