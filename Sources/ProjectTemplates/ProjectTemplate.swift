// What a project has in the dev account: key, bucket, group of models, repositories, role, parameters.
import Content
import TemplateParts

/// What a project is for.
package enum ProblemType: String, CaseIterable, Sendable { case supervised, unsupervised }

/// How a project's models answer.
package enum InferenceType: String, CaseIterable, Sendable { case batch, realtime }

/// The template of a project.
package enum ProjectTemplate {
  /// The parameters in the order in which a project gives them.
  package static let parameterNames = [
    "SageMakerProjectName", "SageMakerProjectId", "PreProdAccount", "ProdAccount",
    "DeploymentRegion", "Description", "ProblemType", "InferenceType", "CostCenter",
    "StudioDomainId",
  ]

  /// The template.
  ///
  /// - Parameters:
  ///   - prefix: what names begin with.
  ///   - custom: tags that the user chose, on everything beside those of the project.
  package static func template(
    prefix: String, custom: [String: String]
  ) throws -> TemplateDocument {
    var template = TemplateDocument(
      "A project of machine learning: data, models, repositories, pipelines",
      tags: tags(prefix: prefix, custom: custom))
    parameters(&template)
    storage(prefix, &template)
    models(&template)
    role(prefix, &template)
    try ProjectCI.add(to: &template, prefix: prefix)
    published(prefix, &template)
    return template
  }

  /// The tags of everything of a project.
  package static func tags(prefix: String, custom: [String: String]) -> [String: JSONValue] {
    custom.mapValues { .string($0) }.merging([
      "sagemaker:project-name": Fn.ref("SageMakerProjectName"),
      "sagemaker:project-id": Fn.ref("SageMakerProjectId"), "CostCenter": Fn.ref("CostCenter"),
      "app-prefix": .string(prefix),
    ]) { $1 }
  }

  /// The bucket of a project.
  package static func bucket(prefix: String, project: String, account: String) -> String {
    "\(prefix)-\(project)-\(account)"
  }

  /// The folder of a project's parameters.
  package static func parameters(prefix: String, project: String) -> String {
    "/\(prefix)/projects/\(project)"
  }

  private static let name = "${SageMakerProjectName}"

  static func parameters(_ template: inout TemplateDocument) {
    template.parameter(
      "SageMakerProjectName", "name of the project, which SageMaker gives",
      [
        "MinLength": 1, "MaxLength": 32, "AllowedPattern": "^[a-z0-9](-*[a-z0-9])*$",
        "ConstraintDescription": "small letters, digits and - between them",
      ])
    template.parameter(
      "SageMakerProjectId", "id of the project, which SageMaker gives",
      ["MinLength": 1, "MaxLength": 16])
    for (name, tier) in [("PreProdAccount", "preprod"), ("ProdAccount", "prod")] {
      template.parameter(name, "account of \(tier)", ["AllowedPattern": "^[0-9]{12}$"])
    }
    template.parameter(
      "DeploymentRegion", "region of endpoints", ["MinLength": 9, "MaxLength": 14])
    template.parameter("Description", "what the project is for", default: "", ["MaxLength": 1024])
    template.parameter(
      "ProblemType", "kind of the problem",
      ["AllowedValues": .array(ProblemType.allCases.map { .string($0.rawValue) })])
    template.parameter(
      "InferenceType", "how models answer",
      ["AllowedValues": .array(InferenceType.allCases.map { .string($0.rawValue) })])
    template.parameter(
      "CostCenter", "who pays, such as 12345", ["AllowedPattern": "^[a-zA-Z0-9 _.:/=+@-]{1,256}$"])
    template.parameter("StudioDomainId", "domain of Studio", ["MinLength": 1])
  }

  private static var tiers: [JSONValue] {
    [Policy.root("${PreProdAccount}"), Policy.root("${ProdAccount}")]
  }

  private static func storage(_ prefix: String, _ template: inout TemplateDocument) {
    let use = [
      "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*",
    ]
    template.add(
      "Key", "AWS::KMS::Key",
      [
        "Description": Fn.sub("data of the project \(name)"), "EnableKeyRotation": true,
        "KeyPolicy": Policy.document([
          [
            "Sid": "Own", "Effect": "Allow",
            "Principal": ["AWS": Policy.root("${AWS::AccountId}")], "Action": "kms:*",
            "Resource": "*",
          ],
          [
            "Sid": "Tiers", "Effect": "Allow", "Principal": ["AWS": .array(tiers)],
            "Action": .array(use.map { .string($0) }), "Resource": "*",
          ],
        ]),
      ])
    template.add(
      "KeyAlias", "AWS::KMS::Alias",
      ["AliasName": Fn.sub("alias/\(prefix)-\(name)"), "TargetKeyId": Fn.ref("Key")])
    template.addBucket(
      "Bucket", named: Fn.sub("\(prefix)-\(name)-${AWS::AccountId}"), key: Fn.get("Key", "Arn"),
      events: true,
      statements: [
        [
          "Sid": "TiersRead", "Effect": "Allow", "Principal": ["AWS": .array(tiers)],
          "Action": ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:PutObject"],
          "Resource": [Fn.get("Bucket", "Arn"), Fn.sub("${Bucket.Arn}/*")],
        ]
      ])
  }

  private static func models(_ template: inout TemplateDocument) {
    let group = "arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:model-package"
    template.add(
      "ModelGroup", "AWS::SageMaker::ModelPackageGroup",
      [
        "ModelPackageGroupName": Fn.sub("\(name)-${SageMakerProjectId}"),
        "ModelPackageGroupDescription": Fn.sub("models of the project \(name)"),
        "ModelPackageGroupPolicy": Policy.document([
          [
            "Sid": "Group", "Effect": "Allow", "Principal": ["AWS": .array(tiers)],
            "Action": ["sagemaker:DescribeModelPackageGroup"],
            "Resource": Fn.sub("\(group)-group/\(name)-${SageMakerProjectId}"),
          ],
          [
            "Sid": "Packages", "Effect": "Allow", "Principal": ["AWS": .array(tiers)],
            "Action": [
              "sagemaker:CreateModel", "sagemaker:DescribeModelPackage",
              "sagemaker:ListModelPackages",
            ],
            "Resource": Fn.sub("\(group)/\(name)-${SageMakerProjectId}/*"),
          ],
        ]),
      ])
    template.add(
      "Images", "AWS::ECR::Repository",
      [
        "RepositoryName": Fn.sub("\(name)-images"), "ImageTagMutability": "IMMUTABLE",
        "ImageScanningConfiguration": ["ScanOnPush": true], "EmptyOnDelete": true,
      ])
  }

  private static func role(_ prefix: String, _ template: inout TemplateDocument) {
    let sagemaker = "arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}"
    let ofProject: JSONValue = [
      "StringEquals": ["aws:ResourceTag/sagemaker:project-name": Fn.ref("SageMakerProjectName")]
    ]
    let asked: JSONValue = [
      "StringEquals": ["aws:RequestTag/sagemaker:project-name": Fn.ref("SageMakerProjectName")]
    ]
    let jobs = ["Processing", "Training", "Transform"]
    template.addRole(
      "ProjectRole", named: Fn.sub("\(prefix)-\(name)-${AWS::Region}"),
      trust: Policy.services(["sagemaker"]),
      policies: [
        (
          "project",
          [
            Policy.allow(
              [
                "s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListBucket",
                "s3:PutObject",
              ], on: [Fn.get("Bucket", "Arn"), Fn.sub("${Bucket.Arn}/*")]),
            Policy.allow(
              ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*"],
              on: [Fn.get("Key", "Arn")]),
            Policy.allow(
              jobs.map { "sagemaker:Create\($0)Job" } + ["sagemaker:AddTags"],
              on: [Fn.sub("\(sagemaker):*")], when: asked),
            Policy.allow(
              jobs.flatMap { ["sagemaker:Describe\($0)Job", "sagemaker:Stop\($0)Job"] },
              on: [Fn.sub("\(sagemaker):*")], when: ofProject),
            Policy.allow(
              ["sagemaker:CreateModelPackage", "sagemaker:DescribeModelPackage"],
              on: [
                Fn.sub("\(sagemaker):model-package/\(name)-${SageMakerProjectId}/*"),
                Fn.sub("\(sagemaker):model-package-group/\(name)-${SageMakerProjectId}"),
              ]),
            Policy.allow(
              ["iam:PassRole"],
              on: [
                Fn.sub(
                  "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/\(prefix)-\(name)-${AWS::Region}"
                )
              ], when: ["StringEquals": ["iam:PassedToService": "sagemaker.amazonaws.com"]]),
            Policy.allow(["ecr:GetAuthorizationToken"], on: ["*"]),
            Policy.allow(
              [
                "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
              ], on: [Fn.get("Images", "Arn")]),
            Policy.allow(
              ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
              on: [
                Fn.sub(
                  "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/sagemaker/*"
                )
              ]),
          ]
        )
      ])
  }

  private static func published(_ prefix: String, _ template: inout TemplateDocument) {
    for (tier, account) in [
      ("dev", "AWS::AccountId"), ("preprod", "PreProdAccount"), ("prod", "ProdAccount"),
    ] {
      let id = tier.prefix(1).uppercased() + tier.dropFirst()
      let region = tier == "dev" ? "AWS::Region" : "DeploymentRegion"
      template.publish(
        "\(id)AccountParameter", at: Fn.sub("/\(prefix)/\(name)/\(tier)/account_id"),
        Fn.ref(account))
      template.publish(
        "\(id)RegionParameter", at: Fn.sub("/\(prefix)/\(name)/\(tier)/region"), Fn.ref(region))
    }
    let facts: [(String, JSONValue)] = [
      ("bucket", Fn.ref("Bucket")), ("key", Fn.get("Key", "Arn")),
      ("role", Fn.get("ProjectRole", "Arn")),
      ("model-group", Fn.sub("\(name)-${SageMakerProjectId}")),
      ("problem", Fn.ref("ProblemType")), ("inference", Fn.ref("InferenceType")),
      ("cost-center", Fn.ref("CostCenter")),
    ]
    for (word, value) in facts {
      let id = word.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }
        .joined()
      template.publish(
        "\(id)Parameter", at: Fn.sub("\(parameters(prefix: prefix, project: name))/\(word)"), value)
      template.output(id, value)
    }
  }
}
