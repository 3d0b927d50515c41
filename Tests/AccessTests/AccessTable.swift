// The table of who may do what.
import AccessPolicies

enum AccessTable {
  static let cases = own + others + creating + tagging + studio + storage + people + tiers

  private static let job = Ask.arn("training-job/one")
  private static let endpoint = Ask.arn("endpoint/alpha-dev")
  private static let package = Ask.arn("model-package/alpha-models/3")
  private static let profile = Ask.arn("user-profile/d-1/jane-alpha")
  private static let space = Ask.arn("space/d-1/work")

  /// The things of the own project.
  private static let own: [AccessCase] = [
    .person("lists jobs", .dataScientist, "sagemaker:ListTrainingJobs", yes: "SeeLists"),
    .person(
      "sees an own job", .dataScientist, "sagemaker:DescribeTrainingJob", job, tags: alpha,
      yes: "OperateOwn"),
    .person(
      "an action in other letters", .dataScientist, "SageMaker:describetrainingjob", job,
      tags: alpha, yes: "OperateOwn"),
    .person(
      "a tag's name in other letters", .dataScientist, "sagemaker:DescribeTrainingJob", job,
      tags: ["SageMaker:Project-Name": "alpha", "costcenter": "12345"], yes: "OperateOwn"),
    .person(
      "stops an own job", .dataScientist, "sagemaker:StopTrainingJob", job, tags: alpha,
      yes: "OperateOwn"),
    .person(
      "asks an own endpoint", .dataScientist, "sagemaker:InvokeEndpoint", endpoint, tags: alpha,
      yes: "OperateOwn"),
    .person(
      "a package of an own group", .dataScientist, "sagemaker:CreateModelPackage", package,
      tags: alpha, yes: "OperateOwn"),
    .person(
      "reads logs of jobs", .dataScientist, "logs:GetLogEvents",
      "arn:aws:logs:eu-west-1:\(dev):log-group:/aws/sagemaker/TrainingJobs:log-stream:one",
      yes: "SeeLogsOfJobs"),
    .person(
      "approves no model", .dataScientist, "sagemaker:UpdateModelPackage", package, tags: alpha,
      no: "DecideNothing"),
    .person(
      "a lead approves", .leadDataScientist, "sagemaker:UpdateModelPackage", package, tags: alpha,
      yes: "DecideOnModels"),
    .person(
      "makes no project", .dataScientist, "sagemaker:CreateProject", sets: alpha,
      no: "DecideNothing"),
    .person(
      "a lead makes no project either", .leadDataScientist, "sagemaker:CreateProject", sets: alpha,
      no: nil),
  ]

  /// The things of other projects.
  private static let others: [AccessCase] = [
    .person(
      "another project's job", .dataScientist, "sagemaker:DescribeTrainingJob", job, tags: beta,
      no: nil),
    .person(
      "another cost center's job", .dataScientist, "sagemaker:DescribeTrainingJob", job,
      tags: ["sagemaker:project-name": "alpha", "CostCenter": "9"], no: nil),
    .person(
      "a tag's value in other letters", .dataScientist, "sagemaker:DescribeTrainingJob", job,
      tags: ["sagemaker:project-name": "Alpha", "CostCenter": "12345"], no: nil),
    .person(
      "a project that begins alike", .dataScientist, "sagemaker:DescribeTrainingJob", job,
      tags: ["sagemaker:project-name": "alpha-2", "CostCenter": "12345"], no: nil),
    .person(
      "a job without tags", .dataScientist, "sagemaker:DescribeTrainingJob", job, no: nil),
    .person(
      "somebody without tags", .dataScientist, "sagemaker:DescribeTrainingJob", job,
      principal: [:], no: "RequireProject"),
    .person(
      "somebody without tags, a job without tags", .dataScientist, "sagemaker:ListTrainingJobs",
      principal: [:], no: "RequireProject"),
    .person(
      "somebody with empty tags, a job with empty tags", .dataScientist,
      "sagemaker:DescribeTrainingJob", job,
      principal: ["sagemaker:project-name": "", "CostCenter": ""],
      tags: ["sagemaker:project-name": "", "CostCenter": ""], no: "RequireProject"),
    .person(
      "somebody without a cost center", .dataScientist, "sagemaker:ListModels",
      principal: ["sagemaker:project-name": "alpha"], no: "RequireCostCenter"),
    .person(
      "somebody whose project is a wildcard", .dataScientist, "sagemaker:DescribeTrainingJob", job,
      principal: ["sagemaker:project-name": "*", "CostCenter": "*"], tags: beta, no: nil),
    .person(
      "a lead of another project approves nothing here", .leadDataScientist,
      "sagemaker:UpdateModelPackage", package, tags: beta, no: nil),
    .person(
      "deletes another project's endpoint", .leadDataScientist, "sagemaker:DeleteEndpoint",
      endpoint, tags: beta, no: nil),
  ]

  private static let creating: [AccessCase] = [
    .person(
      "a job with the own tags", .dataScientist, "sagemaker:CreateTrainingJob", job, sets: alpha,
      yes: "CreateInOwnProject"),
    .person(
      "a job with the own tags and more", .dataScientist, "sagemaker:CreateTrainingJob", job,
      sets: alpha.merging(["team": "x"]) { first, _ in first }, yes: "CreateInOwnProject"),
    .person(
      "a job without tags", .dataScientist, "sagemaker:CreateTrainingJob", job, no: nil),
    .person(
      "a job with another project's tags", .dataScientist, "sagemaker:CreateTrainingJob", job,
      sets: beta, no: nil),
    .person(
      "a job with half of the tags", .dataScientist, "sagemaker:CreateTrainingJob", job,
      sets: ["sagemaker:project-name": "alpha"], no: nil),
    .person(
      "a user profile", .dataScientist, "sagemaker:CreateUserProfile", profile, sets: alpha, no: nil
    ),
    .person(
      "a domain", .leadDataScientist, "sagemaker:CreateDomain", Ask.arn("domain/d-2"), sets: alpha,
      no: nil),
    .person(
      "passes the project's role to SageMaker", .dataScientist, "iam:PassRole",
      "arn:aws:iam::\(dev):role/mlops/mlops-alpha-execution",
      context: ["iam:PassedToService": ["sagemaker.amazonaws.com"]], yes: "PassRoleOfProject"),
    .person(
      "passes it to another service", .dataScientist, "iam:PassRole",
      "arn:aws:iam::\(dev):role/mlops/mlops-alpha-execution",
      context: ["iam:PassedToService": ["ec2.amazonaws.com"]], no: nil),
    .person(
      "passes another project's role", .dataScientist, "iam:PassRole",
      "arn:aws:iam::\(dev):role/mlops/mlops-beta-execution",
      context: ["iam:PassedToService": ["sagemaker.amazonaws.com"]], no: nil),
  ]

  private static let tagging: [AccessCase] = [
    .person(
      "the tags of a job that is being made", .dataScientist, "sagemaker:AddTags", job, sets: alpha,
      context: ["sagemaker:TaggingAction": ["CreateTrainingJob"]], yes: "TagAsCreated"),
    .person(
      "takes what has no tags", .dataScientist, "sagemaker:AddTags", job, sets: alpha, no: nil),
    .person(
      "a note on an own job", .dataScientist, "sagemaker:AddTags", job, tags: alpha,
      sets: ["note": "x"], yes: "TagOwn"),
    .person(
      "a note on another's job", .dataScientist, "sagemaker:AddTags", job, tags: beta,
      sets: ["note": "x"], no: nil),
    .person(
      "gives an own job away", .dataScientist, "sagemaker:AddTags", job, tags: alpha,
      sets: ["sagemaker:project-name": "beta"], no: "KeepDecisiveTags"),
    .person(
      "gives it away among other tags", .dataScientist, "sagemaker:AddTags", job, tags: alpha,
      sets: ["note": "x", "CostCenter": "9"], no: "KeepDecisiveTags"),
    .person(
      "a decisive tag in other letters", .dataScientist, "sagemaker:AddTags", job, tags: alpha,
      sets: ["COSTCENTER": "9"], no: "KeepDecisiveTags"),
    .person(
      "takes another's job", .leadDataScientist, "sagemaker:AddTags", job, tags: beta, sets: alpha,
      no: "KeepDecisiveTags"),
    .person(
      "takes the project off an own job", .dataScientist, "sagemaker:DeleteTags", job, tags: alpha,
      removes: ["sagemaker:project-name"], no: "KeepDecisiveTags"),
    .person(
      "takes a note off an own job", .dataScientist, "sagemaker:DeleteTags", job, tags: alpha,
      removes: ["note"], yes: "TagOwn"),
    .person(
      "an administrator changes a job's project", .datascienceAdmin, "sagemaker:AddTags", job,
      tags: alpha, sets: beta, no: nil),
    .person(
      "a developer changes a job's project", .fullStackDeveloper, "sagemaker:AddTags", job,
      tags: alpha, sets: beta, no: "DecideNothing"),
    .person(
      "tags of a bucket", .dataScientist, "s3:PutBucketTagging",
      "arn:aws:s3:::mlops-alpha-\(dev)", sets: beta, of: "alpha", no: "KeepBuckets"),
  ]

  private static let owner: [String: [String]] = [
    "sagemaker:DomainId": ["d-1"], "sagemaker:UserProfileName": ["jane-alpha"],
    "sagemaker:OwnerUserProfileArn": [profile], "sagemaker:SpaceSharingType": ["Private"],
  ]
  private static let app: [String: [String]] = [
    "sagemaker:DomainId": ["d-1"], "sagemaker:UserProfileName": ["jane-alpha"],
  ]

  private static let studio: [AccessCase] = [
    .person(
      "opens the own Studio", .dataScientist, "sagemaker:CreatePresignedDomainUrl", profile,
      tags: Ask.tags("jane@example.com", alpha), yes: "OpenOwnStudio"),
    .person(
      "opens a colleague's Studio", .dataScientist, "sagemaker:CreatePresignedDomainUrl",
      Ask.arn("user-profile/d-1/joe-alpha"), tags: Ask.tags("joe@example.com", alpha), no: nil),
    .person(
      "opens the own profile of another project", .dataScientist,
      "sagemaker:CreatePresignedDomainUrl", Ask.arn("user-profile/d-1/jane-beta"),
      tags: Ask.tags("jane@example.com", beta), no: nil),
    .person(
      "an administrator opens nobody's Studio", .datascienceAdmin,
      "sagemaker:CreatePresignedDomainUrl", profile, tags: Ask.tags("jane@example.com", alpha),
      no: "ReadNoData"),
    .role(
      "Studio makes an app, which has no tags", "alpha", "sagemaker:CreateApp",
      Ask.arn("app/d-1/jane-alpha/JupyterServer/default"), context: app, yes: "RunOwnApps"),
    .role(
      "an app of another person", "alpha", "sagemaker:CreateApp",
      Ask.arn("app/d-1/joe-alpha/JupyterServer/default"), context: app, no: nil),
    .role(
      "a private space", "alpha", "sagemaker:CreateSpace", space, context: owner,
      yes: "UseOwnSpaces"),
    .role(
      "an app in the own space", "alpha", "sagemaker:CreateApp",
      Ask.arn("app/d-1/work/JupyterLab/default"), context: owner, yes: "UseOwnSpaces"),
    .role(
      "a shared space", "alpha", "sagemaker:CreateSpace", space,
      context: owner.merging(["sagemaker:SpaceSharingType": ["Shared"]]) { $1 }, no: nil),
    .role(
      "another person's space", "alpha", "sagemaker:DeleteSpace", space,
      context: owner.merging([
        "sagemaker:OwnerUserProfileArn": [Ask.arn("user-profile/d-1/joe-alpha")]
      ]) { $1 }, no: nil),
    .role(
      "SageMaker's marks on a new space", "alpha", "sagemaker:AddTags", space,
      sets: ["sagemaker:user-profile-arn": profile, "sagemaker:domain-arn": Ask.arn("domain/d-1")],
      context: app, yes: "MarkOwnSpaces"),
    .role(
      "another project's tags on a new space", "alpha", "sagemaker:AddTags", space, sets: beta,
      context: app, no: nil),
    .role(
      "another project's tags on a tagged space", "alpha", "sagemaker:AddTags", space, tags: alpha,
      sets: beta, context: app, no: "KeepDecisiveTags"),
  ]

  private static let alphaBucket = "arn:aws:s3:::mlops-alpha-\(dev)"
  private static let key = "arn:aws:kms:eu-west-1:\(dev):key/1"

  private static let storage: [AccessCase] = [
    .person(
      "lists the project's bucket", .dataScientist, "s3:ListBucket", alphaBucket, of: "alpha",
      yes: "ListBucketOfProject"),
    .person(
      "reads an object", .dataScientist, "s3:GetObject", "\(alphaBucket)/model.ubj", of: "alpha",
      yes: "UseObjectsOfProject"),
    .person(
      "reads an object without TLS", .dataScientist, "s3:GetObject", "\(alphaBucket)/model.ubj",
      context: ["aws:SecureTransport": ["false"]], of: "alpha", no: "RefusePlainHTTP"),
    .person(
      "another project's object", .dataScientist, "s3:GetObject",
      "arn:aws:s3:::mlops-beta-\(dev)/x", of: "beta", no: nil),
    .person(
      "the bucket of a project that begins alike", .dataScientist, "s3:GetObject",
      "arn:aws:s3:::mlops-alpha-2-\(dev)/x", of: "alpha-2", no: nil),
    .person(
      "removes the bucket", .leadDataScientist, "s3:DeleteBucket", alphaBucket, of: "alpha",
      no: "KeepBuckets"),
    .person(
      "an administrator reads no object", .datascienceAdmin, "s3:GetObject",
      "\(alphaBucket)/model.ubj", of: "alpha", no: "ReadNoData"),
    .person(
      "decrypts by the project's key", .dataScientist, "kms:Decrypt", key, tags: alpha, of: "alpha",
      yes: "UseKeyOfProject"),
    .person(
      "decrypts by another key", .dataScientist, "kms:Decrypt", key, tags: beta, of: "beta", no: nil
    ),
    .person(
      "the project's parameter", .dataScientist, "ssm:GetParameter",
      "arn:aws:ssm:eu-west-1:\(dev):parameter/mlops/alpha/bucket", yes: "ReadParameters"),
    .person(
      "another project's parameter", .dataScientist, "ssm:GetParameter",
      "arn:aws:ssm:eu-west-1:\(dev):parameter/mlops/beta/bucket", no: nil),
    .person(
      "a parameter of another account", .dataScientist, "ssm:GetParameter",
      "arn:aws:ssm:eu-west-1:\(prod):parameter/mlops/alpha/bucket", no: nil),
  ]

  private static let role = "arn:aws:iam::\(dev):role/mlops/mlops-alpha-execution"

  /// Session tags, administrators and developers.
  private static let people: [AccessCase] = [
    .person(
      "becomes the project's role", .dataScientist, "sts:AssumeRole", role, of: "alpha",
      yes: "AssumeRoleOfProject"),
    .person(
      "becomes it with the own tags", .dataScientist, "sts:TagSession", role, sets: alpha,
      of: "alpha", yes: "AssumeRoleOfProject"),
    .person(
      "becomes it as another project", .dataScientist, "sts:TagSession", role, sets: beta,
      of: "alpha", no: nil),
    .person(
      "becomes it with a tag of another name", .dataScientist, "sts:TagSession", role,
      sets: ["admin": "yes"], of: "alpha", no: nil),
    .person(
      "becomes another project's role", .dataScientist, "sts:AssumeRole",
      "arn:aws:iam::\(dev):role/mlops/mlops-beta-execution", of: "beta", no: nil),
    .person(
      "an administrator makes a project", .datascienceAdmin, "sagemaker:CreateProject",
      Ask.arn("project/gamma"), sets: ["CostCenter": "1"], yes: "MakeProjects"),
    .person(
      "a project without a cost center", .datascienceAdmin, "sagemaker:CreateProject",
      Ask.arn("project/gamma"), no: "RequireCostCenter"),
    .person(
      "a project with an empty cost center", .datascienceAdmin, "sagemaker:CreateProject",
      Ask.arn("project/gamma"), sets: ["CostCenter": ""], no: "RequireCostCenter"),
    .person(
      "a profile with its tags", .datascienceAdmin, "sagemaker:CreateUserProfile", profile,
      sets: Ask.tags("jane@example.com", alpha), yes: "MakeProfiles"),
    .person(
      "a profile of nobody", .datascienceAdmin, "sagemaker:CreateUserProfile", profile, sets: alpha,
      no: nil),
    .person(
      "removes a product of one's own", .datascienceAdmin,
      "servicecatalog:TerminateProvisionedProduct", context: ["servicecatalog:userLevel": ["self"]],
      yes: "RemoveOwnProducts"),
    .person(
      "removes another's product", .datascienceAdmin, "servicecatalog:TerminateProvisionedProduct",
      context: ["servicecatalog:userLevel": ["account"]], no: nil),
    .person(
      "a developer approves a deployment", .fullStackDeveloper, "codepipeline:PutApprovalResult",
      "arn:aws:codepipeline:eu-west-1:\(dev):alpha-deploy/Approve/Approve", tags: alpha,
      yes: "OperateOwnDeployments"),
    .person(
      "a developer approves another project's", .fullStackDeveloper,
      "codepipeline:PutApprovalResult",
      "arn:aws:codepipeline:eu-west-1:\(dev):beta-deploy/Approve/Approve", tags: beta, no: nil),
    .person(
      "a developer approves no model", .fullStackDeveloper, "sagemaker:UpdateModelPackage", package,
      tags: alpha, no: "DecideNothing"),
  ]

  /// Between accounts: both have to agree.
  private static let tiers: [AccessCase] = [
    .role(
      "prod reads the approved model", "alpha", "s3:GetObject", "\(alphaBucket)/model.ubj",
      in: prod, of: "alpha", yes: "ReadByTiers"),
    .role(
      "prod writes nothing to dev", "alpha", "s3:PutObject", "\(alphaBucket)/model.ubj", in: prod,
      of: "alpha", no: nil),
    .role(
      "prod decrypts the model", "alpha", "kms:Decrypt", key, in: prod, tags: alpha, of: "alpha",
      yes: "ReadByTiers"),
    .role(
      "prod takes a package", "alpha", "sagemaker:DescribeModelPackage", package, in: prod,
      of: "alpha", yes: "ReadByTiers"),
    .role(
      "another project's role in prod", "beta", "s3:GetObject", "\(alphaBucket)/model.ubj",
      in: prod, of: "alpha", no: nil),
    .role(
      "a foreign account", "alpha", "s3:GetObject", "\(alphaBucket)/model.ubj", in: "999999999999",
      of: "alpha", no: nil),
    .person(
      "a person in prod reads nothing of dev", .fullStackDeveloper, "s3:GetObject",
      "\(alphaBucket)/model.ubj", in: prod, of: "alpha", no: nil),
  ]
}
