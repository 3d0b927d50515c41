// What somebody may do who deploys approved models.

struct Deploying {
  let names: AccessNames

  var statements: [Statement] {
    OwnWork.needsTags + [
      .allow(
        "SeeDeployments",
        [
          "sagemaker:List*", "cloudformation:Describe*", "cloudformation:List*",
          "cloudwatch:GetMetricData", "cloudwatch:ListMetrics", "codepipeline:List*",
        ]),
      .allow(
        "SeeLogs", ["logs:GetLogEvents", "logs:DescribeLogStreams", "logs:FilterLogEvents"],
        on: [names.arn("logs", "log-group:/aws/*")]),
      .allow(
        "OperateOwnDeployments",
        [
          "sagemaker:DescribeModelPackage", "sagemaker:DescribeModelPackageGroup",
          "sagemaker:DescribeModel", "sagemaker:DescribeEndpoint",
          "sagemaker:DescribeEndpointConfig", "sagemaker:InvokeEndpoint",
          "codepipeline:GetPipeline", "codepipeline:GetPipelineState",
          "codepipeline:StartPipelineExecution", "codepipeline:PutApprovalResult",
          "codecommit:GitPull", "codecommit:GitPush",
        ],
        when: ["StringEquals": Statement.isOwn]),
      .deny(
        "DecideNothing",
        [
          "sagemaker:UpdateModelPackage", "sagemaker:CreateProject", "sagemaker:AddTags",
          "sagemaker:DeleteTags",
        ]),
    ]
  }
}
