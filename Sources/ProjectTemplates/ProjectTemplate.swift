// What a project has in the dev account: key, bucket, group of models, repositories, role, parameters.
import AccessPolicies
import Content
import TemplateParts

/// What a project is for.
package enum ProblemType: String, CaseIterable, Sendable { case supervised, unsupervised }

/// How a project's models answer.
package enum InferenceType: String, CaseIterable, Sendable { case batch, realtime }

/// The template of a project.
package enum ProjectTemplate {
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
    models(prefix, &template)
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
    AccessNames(prefix: prefix).bucket(of: project, account: account)
  }

  /// The role of a project's jobs, in its path.
  package static func role(prefix: String, project: String) -> String {
    AccessNames(prefix: prefix).role(of: project)
  }

  /// Who may do what with a project, as documents with variables of a stack.
  private static func sharing(_ prefix: String) -> ProjectSharing {
    ProjectSharing(
      names: AccessNames(prefix: prefix, partition: "${AWS::Partition}"), project: name,
      account: "${AWS::AccountId}", readers: ["${PreProdAccount}", "${ProdAccount}"])
  }

  /// The folder of a project's parameters.
  package static func parameters(prefix: String, project: String) -> String {
    "/\(prefix)/\(project)"
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
    template.parameter("Description", "what the project is for", default: "", ["MaxLength": 900])
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

  private static func storage(_ prefix: String, _ template: inout TemplateDocument) {
    template.add(
      "Key", "AWS::KMS::Key",
      [
        "Description": Fn.sub("data of the project \(name)"), "EnableKeyRotation": true,
        "KeyPolicy": Fn.document(sharing(prefix).keyPolicy),
      ])
    template.add(
      "KeyAlias", "AWS::KMS::Alias",
      ["AliasName": Fn.sub("alias/\(prefix)-\(name)"), "TargetKeyId": Fn.ref("Key")])
    template.addBucket(
      "Bucket", named: Fn.sub("\(prefix)-\(name)-${AWS::AccountId}"), key: Fn.get("Key", "Arn"),
      events: true, policy: Fn.document(sharing(prefix).bucketPolicy))
  }

  private static func models(_ prefix: String, _ template: inout TemplateDocument) {
    let group = "\(name)-${SageMakerProjectId}"
    template.add(
      "ModelGroup", "AWS::SageMaker::ModelPackageGroup",
      [
        "ModelPackageGroupName": Fn.sub(group),
        "ModelPackageGroupDescription": Fn.sub("models of the project \(name) ${Description}"),
        "ModelPackageGroupPolicy": sharing(prefix).groupPolicy(group, region: "${AWS::Region}")
          .map(Fn.document) ?? Fn.nothing,
      ])
    template.add(
      "Images", "AWS::ECR::Repository",
      [
        "RepositoryName": Fn.sub("\(name)-images"), "ImageTagMutability": "IMMUTABLE",
        "ImageScanningConfiguration": ["ScanOnPush": true], "EmptyOnDelete": true,
      ])
  }

  private static func role(_ prefix: String, _ template: inout TemplateDocument) {
    template.add(
      "ProjectRole", "AWS::IAM::Role",
      [
        "RoleName": Fn.sub(role(prefix: prefix, project: name)), "Path": .string("/\(prefix)/"),
        "AssumeRolePolicyDocument": Fn.document(sharing(prefix).roleTrust),
        "Policies": [
          [
            "PolicyName": "project",
            "PolicyDocument": Fn.document(sharing(prefix).rolePolicy()),
          ]
        ],
      ])
  }

  /// A project in the account of another tier: the bucket of the models that are promoted there, and the
  /// role of jobs and endpoints, which reads in dev, too.
  package static func tierTemplate(
    prefix: String, custom: [String: String]
  ) -> TemplateDocument {
    var template = TemplateDocument(
      "A project in the account of another tier: its models, and who uses them",
      tags: tags(prefix: prefix, custom: custom))
    for (name, description) in [
      ("SageMakerProjectName", "name of the project"), ("SageMakerProjectId", "id of the project"),
      ("CostCenter", "who pays"),
    ] {
      template.parameter(name, description, ["MinLength": 1])
    }
    template.parameter("DevAccount", "account of dev", ["AllowedPattern": "^[0-9]{12}$"])
    let own = ProjectSharing(
      names: AccessNames(prefix: prefix, partition: "${AWS::Partition}"), project: name,
      account: "${DevAccount}", readers: [])
    let here = ProjectSharing(
      names: AccessNames(prefix: prefix, partition: "${AWS::Partition}"), project: name,
      account: "${AWS::AccountId}", readers: [])
    template.add(
      "ProjectRole", "AWS::IAM::Role",
      [
        "RoleName": Fn.sub(role(prefix: prefix, project: name)), "Path": .string("/\(prefix)/"),
        // People and jobs of this account, with data and models of dev.
        "AssumeRolePolicyDocument": Fn.document(here.roleTrust),
        "Policies": [
          [
            "PolicyName": "project",
            "PolicyDocument": Fn.document(own.rolePolicy(in: "${AWS::AccountId}")),
          ]
        ],
      ])
    template.addBucket("Bucket", named: Fn.sub("\(prefix)-\(name)-${AWS::AccountId}"))
    for (word, value) in [
      ("role", Fn.get("ProjectRole", "Arn")), ("bucket", Fn.ref("Bucket")),
    ] {
      let id = word.prefix(1).uppercased() + word.dropFirst()
      template.publish(
        "\(id)Parameter", at: Fn.sub("\(parameters(prefix: prefix, project: name))/\(word)"), value)
      template.output(id, value)
    }
    return template
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
      ("cost-center", Fn.ref("CostCenter")), ("domain", Fn.ref("StudioDomainId")),
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
