// What somebody may do who makes projects and people's profiles.

struct ProjectAdministration {
  let names: AccessNames

  var statements: [Statement] {
    let launch = "role/service-role/\(names.prefix)-launch-*"
    return [
      .allow(
        "SeeAll",
        [
          "sagemaker:List*", "sagemaker:Describe*", "servicecatalog:Describe*",
          "servicecatalog:List*", "servicecatalog:Search*", "cloudformation:Describe*",
          "cloudformation:List*", "ce:GetCostAndUsage",
        ]),
      .allow(
        "MakeProjects", ["sagemaker:CreateProject", "servicecatalog:ProvisionProduct"],
        when: ["Null": [AccessTag.costCenter.ofRequest: "false"]]),
      .deny(
        "RequireCostCenter", ["sagemaker:CreateProject"],
        when: ["StringNotLike": [AccessTag.costCenter.ofRequest: "?*"]]),
      .allow("RemoveProjects", ["sagemaker:DeleteProject"]),
      // What one has launched; SageMaker removes a project's product for its creator alone.
      .allow(
        "RemoveOwnProducts",
        ["servicecatalog:TerminateProvisionedProduct", "servicecatalog:UpdateProvisionedProduct"],
        when: ["StringEquals": ["servicecatalog:userLevel": "self"]]),
      .allow(
        "PassRoleOfLaunches", ["iam:PassRole"],
        on: ["arn:\(names.partition):iam::*:\(launch)"],
        when: [
          "StringEquals": [
            "iam:PassedToService": [
              "sagemaker.amazonaws.com", "servicecatalog.amazonaws.com",
              "cloudformation.amazonaws.com",
            ]
          ]
        ]),
      .allow(
        "MakeProfiles", ["sagemaker:CreateUserProfile"],
        when: [
          "Null": [
            AccessTag.mail.ofRequest: "false", AccessTag.project.ofRequest: "false",
            AccessTag.costCenter.ofRequest: "false",
          ]
        ]),
      .allow("KeepProfiles", ["sagemaker:UpdateUserProfile", "sagemaker:DeleteUserProfile"]),
      .allow(
        "TagAsCreated", ["sagemaker:AddTags"],
        when: ["StringLike": ["sagemaker:TaggingAction": ["CreateProject", "CreateUserProfile"]]]),
      .deny(
        "ReadNoData",
        [
          "s3:GetObject*", "s3:PutObject*", "kms:Decrypt", "sagemaker:CreatePresignedDomainUrl",
          "sagemaker:GetRecord", "sagemaker:InvokeEndpoint",
        ]),
    ]
  }
}
