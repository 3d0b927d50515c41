// What somebody may do with the things of their own project.

/// Statements on work with a project's resources, for people and for the project's role.
struct OwnWork {
  let names: AccessNames

  private static let jobs = [
    "TrainingJob", "ProcessingJob", "TransformJob", "HyperParameterTuningJob",
  ]
  private static let kept = [
    "Model", "EndpointConfig", "Endpoint", "Pipeline", "Experiment", "Trial", "TrialComponent",
    "FeatureGroup",
  ]
  private static let changed = [
    "Endpoint", "Pipeline", "Experiment", "Trial", "TrialComponent", "FeatureGroup",
  ]

  /// Refuses whoever has no project or no cost center: texts of nobody would equal each other.
  static let needsTags: [Statement] = [AccessTag.project, .costCenter].map { tag in
    .deny(
      tag == .project ? "RequireProject" : "RequireCostCenter",
      ["sagemaker:*", "s3:*", "kms:*", "sts:AssumeRole", "sts:TagSession"],
      when: ["StringNotLike": [tag.ofPrincipal: "?*"]])
  }

  var statements: [Statement] { lists + jobsAndModels + tags + storage }

  private var lists: [Statement] {
    [
      .allow(
        "SeeLists",
        [
          "sagemaker:List*", "sagemaker:Search", "sagemaker:DescribeDomain",
          "sagemaker:GetSearchSuggestions", "cloudwatch:GetMetricData", "cloudwatch:ListMetrics",
        ]),
      .allow(
        "SeeLogsOfJobs", ["logs:GetLogEvents", "logs:DescribeLogStreams", "logs:FilterLogEvents"],
        on: [names.arn("logs", "log-group:/aws/sagemaker/*")]),
    ]
  }

  private var jobsAndModels: [Statement] {
    let kinds = Self.jobs + Self.kept
    return [
      .allow(
        "OperateOwn",
        kinds.map { "sagemaker:Describe\($0)" } + Self.jobs.map { "sagemaker:Stop\($0)" }
          + Self.kept.map { "sagemaker:Delete\($0)" } + Self.changed.map { "sagemaker:Update\($0)" }
          + [
            "sagemaker:StartPipelineExecution", "sagemaker:StopPipelineExecution",
            "sagemaker:DescribePipelineExecution", "sagemaker:RetryPipelineExecution",
            "sagemaker:InvokeEndpoint", "sagemaker:GetRecord", "sagemaker:PutRecord",
            "sagemaker:DeleteRecord", "sagemaker:DescribeModelPackage",
            "sagemaker:DescribeModelPackageGroup",
            // A package has its group's tags and takes none of its own.
            "sagemaker:CreateModelPackage",
          ],
        when: ["StringEquals": Statement.isOwn]),
      .allow(
        "CreateInOwnProject", kinds.map { "sagemaker:Create\($0)" },
        when: ["StringEquals": Statement.becomesOwn]),
      .allow(
        "PassRoleOfProject", ["iam:PassRole"],
        on: [names.roleARN(of: AccessTag.project.own, account: "*")],
        when: ["StringEquals": ["iam:PassedToService": "sagemaker.amazonaws.com"]]),
    ]
  }

  // Tags are set as something is made; afterwards those that decide stay. Names of tags are compared
  // without regard to case where they decide, and so they are here.
  private var tags: [Statement] {
    [
      .allow(
        "TagAsCreated", ["sagemaker:AddTags"],
        when: [
          "StringEquals": Statement.becomesOwn,
          "StringLike": ["sagemaker:TaggingAction": "Create*"],
        ]),
      .allow(
        "TagOwn", ["sagemaker:AddTags", "sagemaker:DeleteTags"],
        when: [
          "StringEquals": Statement.isOwn,
          "ForAllValues:StringNotEqualsIgnoreCase": ["aws:TagKeys": Statement.decisiveTags],
          "Null": ["aws:TagKeys": "false"],
        ]),
      .deny(
        "KeepDecisiveTags", ["sagemaker:AddTags", "sagemaker:DeleteTags"],
        when: [
          "ForAnyValue:StringEqualsIgnoreCase": ["aws:TagKeys": Statement.decisiveTags],
          "Null": [AccessTag.project.ofResource: "false"],
        ]),
    ]
  }

  private var storage: [Statement] {
    let bucket = names.bucketARN(of: AccessTag.project.own, account: "${aws:PrincipalAccount}")
    return [
      .allow(
        "ListBucketOfProject", ["s3:ListBucket", "s3:GetBucketLocation"], on: [bucket]),
      .allow(
        "UseObjectsOfProject",
        ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
        on: ["\(bucket)/*"]),
      .deny(
        "KeepBuckets",
        [
          "s3:DeleteBucket", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:PutBucketTagging",
          "s3:PutBucketAcl", "s3:PutBucketVersioning", "s3:PutLifecycleConfiguration",
        ]),
      .allow(
        "UseKeyOfProject",
        ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
        on: [names.arn("kms", "key/*")], when: ["StringEquals": Statement.isOwn]),
      .allow(
        "ReadParameters", ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"],
        on: [names.parameters(of: AccessTag.project.own), names.arn("ssm", "parameter/vpc/*")]),
    ]
  }
}
