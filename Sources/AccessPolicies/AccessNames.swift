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

  func arn(_ service: String, _ rest: String) -> String {
    "arn:\(partition):\(service):*:${aws:PrincipalAccount}:\(rest)"
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
