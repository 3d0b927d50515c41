// The stacks that let accounts deploy to each other: roles of the bootstrap and of stack sets.
import Accounts
import Content
import TemplateParts

/// Templates of trust between accounts.
package enum BootstrapTemplates {
  /// The roles of a bootstrapped account: one that trusted accounts assume, one for CloudFormation.
  ///
  /// - Parameters:
  ///   - trusted: the 12 digits of the accounts that may deploy, beside the account itself.
  ///   - prefix: what names of buckets and parameters begin with.
  package static func bootstrap(
    trusted: [String], prefix: String, tags: [String: JSONValue]
  ) -> TemplateDocument {
    var template = TemplateDocument(
      "Roles by which trusted accounts deploy into this one", tags: tags)
    let principals = ["${AWS::AccountId}"] + trusted
    template.addRole(
      "DeploymentRole", named: name(.deploy),
      trust: Policy.document([
        Policy.trust(
          ["AWS": .array(principals.map(Policy.root))], ["sts:AssumeRole", "sts:TagSession"])
      ]),
      policies: [
        (
          "deploy",
          [
            Policy.allow(
              [
                "cloudformation:CreateChangeSet", "cloudformation:DeleteChangeSet",
                "cloudformation:DeleteStack", "cloudformation:Describe*",
                "cloudformation:ExecuteChangeSet", "cloudformation:GetTemplate",
                "cloudformation:GetTemplateSummary", "cloudformation:List*",
              ], on: ["*"]),
            Policy.allow(["iam:PassRole"], on: [Fn.get("ExecutionRole", "Arn")]),
            Policy.allow(
              ["iam:GetRole"],
              on: [Fn.sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*")]),
            Policy.allow(
              ["ssm:GetParameter", "ssm:GetParameters"],
              on: [
                Fn.sub("arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/*")
              ]),
            Policy.allow(
              [
                "s3:AbortMultipartUpload", "s3:DeleteObject", "s3:DeleteObjectVersion",
                "s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket",
                "s3:ListBucketMultipartUploads", "s3:ListBucketVersions", "s3:PutObject",
              ],
              on: [
                Fn.sub("arn:${AWS::Partition}:s3:::sc-assets-*"),
                Fn.sub("arn:${AWS::Partition}:s3:::\(prefix)-*"),
                Fn.sub("arn:${AWS::Partition}:s3:::${AWS::AccountId}-*-mlops-artifacts"),
                Fn.sub("arn:${AWS::Partition}:s3:::${AWS::AccountId}-*-mlops-artifacts/*"),
              ]),
            Policy.allow(
              [
                "ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups",
                "elasticfilesystem:Describe*", "sagemaker:Describe*", "sagemaker:List*",
                "sagemaker:GetSagemakerServicecatalogPortfolioStatus",
              ], on: ["*"]),
            Policy.allow(
              [
                "sagemaker:AddTags", "sagemaker:CreateProject", "sagemaker:DeleteApp",
                "sagemaker:DeleteProject", "sagemaker:DeleteSpace",
                "sagemaker:DisableSagemakerServicecatalogPortfolio", "sagemaker:UpdateProject",
              ], on: ["*"]),
          ]
        )
      ])
    template.addRole(
      "ExecutionRole", named: name(.execution), trust: Policy.services(["cloudformation"]),
      managed: [Policy.managed("AdministratorAccess")])
    template.output("DeploymentRoleArn", Fn.get("DeploymentRole", "Arn"))
    template.output("ExecutionRoleArn", Fn.get("ExecutionRole", "Arn"))
    return template
  }

  private static func name(_ role: BootstrapRole) -> JSONValue {
    Fn.sub(role.name("${AWS::AccountId}", "${AWS::Region}"))
  }

  /// The role by which stack sets of this account reach others.
  package static func stackSetAdministration(tags: [String: JSONValue]) -> TemplateDocument {
    var template = TemplateDocument("The role of stack sets in their own account", tags: tags)
    template.addRole(
      "AdministrationRole", named: "AWSCloudFormationStackSetAdministrationRole",
      trust: Policy.services(["cloudformation"]),
      policies: [
        (
          "assume",
          [
            Policy.allow(
              ["sts:AssumeRole"],
              on: [
                Fn.sub(
                  "arn:${AWS::Partition}:iam::*:role/AWSCloudFormationStackSetExecutionRole")
              ])
          ]
        )
      ])
    template.output("AdministrationRoleArn", Fn.get("AdministrationRole", "Arn"))
    return template
  }

  /// The role by which stack sets of the governance account work here.
  package static func stackSetExecution(
    governance: String, tags: [String: JSONValue]
  ) -> TemplateDocument {
    var template = TemplateDocument("The role of stack sets in a target account", tags: tags)
    template.addRole(
      "ExecutionRole", named: "AWSCloudFormationStackSetExecutionRole",
      trust: Policy.document([Policy.trust(["AWS": Policy.root(governance)])]),
      managed: [Policy.managed("AdministratorAccess")])
    template.output("ExecutionRoleArn", Fn.get("ExecutionRole", "Arn"))
    return template
  }

  /// The governance account's own things: a bucket for artifacts and the parameters that name it.
  package static func platform(
    prefix: String, branch: String, tags: [String: JSONValue]
  ) -> TemplateDocument {
    var template = TemplateDocument("Artifacts of the platform and where they are", tags: tags)
    template.parameter(
      "BucketName", "bucket of artifacts; empty: ACCOUNT-REGION-mlops-artifacts", default: "",
      ["AllowedPattern": "^$|^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"])
    template.parameter(
      "BranchName", "branch that is deployed", default: branch, ["MinLength": 1, "MaxLength": 100])
    template.condition("HasNoName", Fn.isEqual(Fn.ref("BucketName"), ""))
    template.addBucket(
      "ArtifactsBucket",
      named: Fn.either(
        "HasNoName", Fn.sub("${AWS::AccountId}-${AWS::Region}-mlops-artifacts"),
        Fn.ref("BucketName")))
    template.publish(
      "BucketParameter", at: .string("/\(prefix)/artifacts/bucket"), Fn.ref("ArtifactsBucket"))
    template.publish("BranchParameter", at: .string("/\(prefix)/branch"), Fn.ref("BranchName"))
    template.output("ArtifactsBucketName", Fn.ref("ArtifactsBucket"))
    return template
  }
}
