// Studio: its domain, the roles of the people who work in it, and a repository of Python packages.
import Content
import TemplateParts

/// The template of a Studio domain.
package enum StudioTemplate {
  /// The parameters of Systems Manager that name a domain, in an app's prefix.
  package static func domainParameter(_ prefix: String) -> String { "/\(prefix)/studio/domain" }

  /// The parameter that names a role: `ds`, `lead` or `execution`.
  package static func roleParameter(_ prefix: String, _ role: String) -> String {
    "/\(prefix)/role/\(role)"
  }

  /// What a data scientist may not: projects are made and models approved by leads.
  package static let leadActions = ["sagemaker:CreateProject", "sagemaker:UpdateModelPackage"]

  private static let managed = [
    "AmazonSSMReadOnlyAccess", "AWSLambda_ReadOnlyAccess", "AWSCodeCommitReadOnly",
    "AmazonEC2ContainerRegistryReadOnly", "AmazonSageMakerFullAccess",
  ]

  /// A domain in the network of the account, with roles and the profile of an administrator.
  package static func template(
    prefix: String, hasCodeArtifact: Bool, tags: [String: JSONValue]
  ) -> TemplateDocument {
    var template = TemplateDocument("Studio in the account's network", tags: tags)
    template.parameter(
      "StudioDomainName", "name of the domain", default: "studio-domain",
      ["AllowedPattern": "^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$"])
    template.parameter(
      "NetworkId", "the network's parameter", type: "AWS::SSM::Parameter::Value<String>",
      default: NetworkTemplate.network)
    template.parameter(
      "SubnetIds", "the subnets' parameter", type: "AWS::SSM::Parameter::Value<List<String>>",
      default: NetworkTemplate.subnets)
    template.parameter(
      "GroupId", "the security group's parameter", type: "AWS::SSM::Parameter::Value<String>",
      default: NetworkTemplate.group)
    roles(prefix, &template)
    template.add(
      "StudioGroup", "AWS::EC2::SecurityGroup",
      ["GroupDescription": "Apps of Studio", "VpcId": Fn.ref("NetworkId")])
    template.add(
      "StudioGroupItself", "AWS::EC2::SecurityGroupIngress",
      [
        "GroupId": Fn.get("StudioGroup", "GroupId"), "IpProtocol": "-1",
        "SourceSecurityGroupId": Fn.get("StudioGroup", "GroupId"),
      ])
    template.add(
      "Domain", "AWS::SageMaker::Domain",
      [
        "DomainName": Fn.ref("StudioDomainName"), "AuthMode": "IAM",
        "AppNetworkAccessType": "VpcOnly", "VpcId": Fn.ref("NetworkId"),
        "SubnetIds": Fn.ref("SubnetIds"),
        "DefaultUserSettings": [
          "ExecutionRole": Fn.get("DataScientistRole", "Arn"),
          "SecurityGroups": [Fn.ref("GroupId"), Fn.get("StudioGroup", "GroupId")],
        ],
      ])
    template.add(
      "Administrator", "AWS::SageMaker::UserProfile",
      [
        "DomainId": Fn.ref("Domain"), "UserProfileName": "ds-admin",
        "UserSettings": ["ExecutionRole": Fn.get("LeadDataScientistRole", "Arn")],
      ])
    if hasCodeArtifact {
      template.add("PackageDomain", "AWS::CodeArtifact::Domain", ["DomainName": .string(prefix)])
      template.add(
        "Packages", "AWS::CodeArtifact::Repository",
        [
          "DomainName": Fn.get("PackageDomain", "Name"), "RepositoryName": "python-packages",
          "ExternalConnections": ["public:pypi"],
        ])
    }
    template.publish(
      "DomainParameter", at: .string(domainParameter(prefix)), Fn.ref("Domain"))
    // By it the removal finds what SageMaker leaves in the network.
    template.output("NetworkId", Fn.ref("NetworkId"))
    template.output("StudioDomainId", Fn.ref("Domain"))
    template.output("StudioDomainUrl", Fn.get("Domain", "Url"))
    template.output("LeadRoleArn", Fn.get("LeadDataScientistRole", "Arn"))
    template.output("DataScientistRoleArn", Fn.get("DataScientistRole", "Arn"))
    return template
  }

  private static func roles(_ prefix: String, _ template: inout TemplateDocument) {
    let trust = Policy.services(["sagemaker", "lambda"])
    // A role passes itself to the jobs that its user starts.
    let own = Policy.allow(
      ["iam:PassRole"],
      on: [Fn.sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/\(prefix)-*")],
      when: ["StringEquals": ["iam:PassedToService": "sagemaker.amazonaws.com"]])
    let objects = [
      Policy.allow(
        ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        on: [Fn.sub("arn:${AWS::Partition}:s3:::\(prefix)-*/*")]),
      Policy.allow(["s3:ListBucket"], on: [Fn.sub("arn:${AWS::Partition}:s3:::\(prefix)-*")]),
      Policy.deny(["s3:DeleteBucket*"], on: ["*"]),
      Policy.allow(
        ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*"],
        on: [Fn.sub("arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*")],
        when: ["ForAnyValue:StringLike": ["kms:ResourceAliases": [.string("alias/\(prefix)-*")]]]),
    ]
    let roles: [(name: String, word: String, key: String, more: [JSONValue])] = [
      (
        "DataScientistRole", "data-scientist", "ds",
        [Policy.deny(leadActions, on: ["*"], id: "LeadsOnly")]
      ),
      (
        "LeadDataScientistRole", "lead-data-scientist", "lead",
        [
          Policy.allow(
            [
              "servicecatalog:DescribeProduct", "servicecatalog:DescribeProvisioningParameters",
              "servicecatalog:ListLaunchPaths", "servicecatalog:ProvisionProduct",
              "servicecatalog:SearchProducts", "servicecatalog:TerminateProvisionedProduct",
            ], on: ["*"])
        ]
      ),
      ("SageMakerExecutionRole", "sagemaker-execution", "execution", []),
    ]
    for role in roles {
      template.addRole(
        role.name, named: Fn.sub("\(prefix)-\(role.word)-${AWS::Region}"), trust: trust,
        managed: managed.map(Policy.managed),
        policies: [("work", [own] + objects + role.more)])
      template.publish(
        "\(role.name)Parameter", at: .string(roleParameter(prefix, role.key)),
        Fn.get(role.name, "Arn"))
    }
  }
}
