// How the things of a project are called, as policies name them.

/// Names of what a project owns in an account.
///
/// The bucket's name ends with the whole project and the account, never with a wildcard: `mlops-a-*`
/// would be the bucket of project `a-b`, too.
package struct AccessNames: Sendable {
  /// What all names begin with, such as `mlops`.
  package let prefix: String
  /// `aws`, `aws-cn` or `aws-us-gov`.
  package let partition: String

  package init(prefix: String = "mlops", partition: String = "aws") {
    self.prefix = prefix
    self.partition = partition
  }

  package func bucket(of project: String, account: String) -> String {
    "\(prefix)-\(project)-\(account)"
  }

  /// The role that a project's jobs and Studio apps run as; its path is `/<prefix>/`.
  package func role(of project: String) -> String { "\(prefix)-\(project)-execution" }

  /// The project that a bucket, an object or a role belongs to by its name; nil for other resources.
  ///
  /// - Parameter account: that of the project: 12 digits.
  package func project(ofResource arn: String, in account: String) -> String? {
    let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6 else { return nil }
    let (name, end): (Substring?, String)
    switch parts[2] {
    case "s3": (name, end) = (parts[5].split(separator: "/").first, "-\(account)")
    case "iam": (name, end) = (parts[5].split(separator: "/").last, "-execution")
    default: return nil
    }
    guard let name, name.hasPrefix("\(prefix)-"), name.hasSuffix(end),
      name.count > prefix.count + 1 + end.count
    else { return nil }
    return String(name.dropFirst(prefix.count + 1).dropLast(end.count))
  }

  /// An ARN in any account, which is the own one, as others let nobody in: IAM takes none of its variables
  /// in front of the fifth colon.
  func arn(_ service: String, _ rest: String) -> String {
    "arn:\(partition):\(service):*:*:\(rest)"
  }

  func bucketARN(of project: String, account: String) -> String {
    "arn:\(partition):s3:::\(bucket(of: project, account: account))"
  }

  func roleARN(of project: String, account: String) -> String {
    "arn:\(partition):iam::\(account):role/\(prefix)/\(role(of: project))"
  }

  func parameters(of project: String) -> String {
    arn("ssm", "parameter/\(prefix)/\(project)/*")
  }
}
