// The policies of what a project owns: who beside its own account may read it.
import Content

/// Policies of a project's bucket, key, models and role.
package struct ProjectSharing: Sendable {
  package let names: AccessNames
  package let project: String
  /// Of the account that the project lives in.
  package let account: String
  /// Accounts that take models of the project: preprod and prod.
  package let readers: [String]

  package init(names: AccessNames, project: String, account: String, readers: [String]) {
    self.names = names
    self.project = project
    self.account = account
    self.readers = Set(readers).subtracting([account]).sorted()
  }

  /// What the project's role of an account may do; the role carries the project's tags itself.
  ///
  /// - Parameter reader: the account, where it is not the project's own: its role also reads there.
  package func rolePolicy(in reader: String? = nil) -> JSONValue {
    Statement.document(
      OwnWork.needsTags + OwnWork(names: names).statements + jobStatements
        + (reader == nil || reader == account
          ? StudioApps(names: names).statements : readingStatements))
  }

  /// What a job needs beside its work: its image and its log.
  private var jobStatements: [Statement] {
    [
      .allow("LogInToRegistry", ["ecr:GetAuthorizationToken"]),
      .allow(
        "PullImagesOfProject",
        [
          "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer",
        ],
        on: ["arn:\(names.partition):ecr:*:\(account):repository/\(project)-images"]),
      .allow(
        "WriteLogsOfJobs",
        ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        on: [names.arn("logs", "log-group:/aws/sagemaker/*")]),
    ]
  }

  private var readingStatements: [Statement] {
    let bucket = names.bucketARN(of: project, account: account)
    return [
      .allow(
        "ReadDataOfProject", ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"],
        on: [bucket, "\(bucket)/*"]),
      .allow(
        "DecryptDataOfProject", ["kms:Decrypt", "kms:DescribeKey"],
        on: ["arn:\(names.partition):kms:*:\(account):key/*"],
        when: ["StringEquals": Statement.isOwn]),
      .allow(
        "TakeModelsOfProject",
        [
          "sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages",
          "sagemaker:DescribeModelPackageGroup",
        ],
        on: ["model-package", "model-package-group"].map {
          "arn:\(names.partition):sagemaker:*:\(account):\($0)/*"
        }),
    ]
  }

  /// Who may become the project's role: jobs, and people of the project.
  package var roleTrust: JSONValue {
    [
      "Version": "2012-10-17",
      "Statement": [
        [
          "Sid": "Jobs", "Effect": "Allow", "Action": "sts:AssumeRole",
          "Principal": ["Service": "sagemaker.amazonaws.com"],
        ],
        [
          "Sid": "PeopleOfProject", "Effect": "Allow",
          "Action": ["sts:AssumeRole", "sts:TagSession"],
          "Principal": ["AWS": .string(root(account))],
          "Condition": [
            "StringEquals": [AccessTag.project.ofPrincipal: .string(project)],
            "StringEqualsIfExists": [AccessTag.project.ofRequest: .string(project)],
          ],
        ],
      ],
    ]
  }

  /// Of the bucket: no plain HTTP; the project's roles of other tiers read.
  package var bucketPolicy: JSONValue {
    let bucket = names.bucketARN(of: project, account: account)
    let both: JSONValue = [.string(bucket), .string("\(bucket)/*")]
    return [
      "Version": "2012-10-17",
      "Statement": .array(
        [
          [
            "Sid": "RefusePlainHTTP", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
            "Resource": both, "Condition": ["Bool": ["aws:SecureTransport": "false"]],
          ]
        ] + reading(["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"], both)),
    ]
  }

  /// Of the key: the own account decides by its policies; the project's roles of other tiers decrypt.
  package var keyPolicy: JSONValue {
    [
      "Version": "2012-10-17",
      "Statement": .array(
        [
          [
            "Sid": "OwnAccount", "Effect": "Allow", "Action": "kms:*", "Resource": "*",
            "Principal": ["AWS": .string(root(account))],
          ]
        ] + reading(["kms:Decrypt", "kms:DescribeKey"], "*")),
    ]
  }

  /// Of a group of model packages: the project's roles of other tiers read and make models.
  ///
  /// - Parameters:
  ///   - group: the group's name.
  ///   - region: of the project's account.
  /// - Returns: nil where there is no other account.
  package func groupPolicy(_ group: String, region: String) -> JSONValue? {
    guard !readers.isEmpty else { return nil }
    let arn = "arn:\(names.partition):sagemaker:\(region):\(account)"
    return [
      "Version": "2012-10-17",
      "Statement": .array(
        reading(
          [
            "sagemaker:DescribeModelPackageGroup", "sagemaker:DescribeModelPackage",
            "sagemaker:ListModelPackages", "sagemaker:CreateModel",
          ],
          [
            .string("\(arn):model-package-group/\(group)"),
            .string("\(arn):model-package/\(group)/*"),
          ])),
    ]
  }

  private func reading(_ actions: [String], _ resources: JSONValue) -> [JSONValue] {
    guard !readers.isEmpty else { return [] }
    return [
      [
        "Sid": "ReadByTiers", "Effect": "Allow",
        "Action": .array(actions.map { .string($0) }), "Resource": resources,
        "Principal": ["AWS": .array(readers.map { .string(root($0)) })],
        "Condition": [
          "ArnLike": [
            "aws:PrincipalArn": .array(
              readers.map { .string(names.roleARN(of: project, account: $0)) })
          ]
        ],
      ]
    ]
  }

  private func root(_ account: String) -> String { "arn:\(names.partition):iam::\(account):root" }
}
