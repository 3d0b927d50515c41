// What the project's role may do in Studio, for the person whose app it runs.
import Content

/// Statements on apps and spaces of Studio.
///
/// Studio makes apps without the tags of a request, and a space made in the console cannot be given any:
/// SageMaker marks it with the user profile and the domain. So apps are decided by their owner, not by
/// tags. Source: the developer guide of SageMaker, "Amazon SageMaker Studio spaces" and "Domain resource
/// isolation"; data-dot-all/dataall issues 47 and 1208.
struct StudioApps {
  let names: AccessNames

  private static let profile = "${sagemaker:DomainId}/${sagemaker:UserProfileName}"
  private static let marks: [JSONValue] = [
    "sagemaker:user-profile-arn", "sagemaker:domain-arn",
    "sagemaker:user-profile-arn-last-modified-by", "sagemaker:space-arn",
  ]

  var statements: [Statement] {
    let apps = ["sagemaker:CreateApp", "sagemaker:DeleteApp"]
    let owner: [String: JSONValue] = [
      "sagemaker:OwnerUserProfileArn": .string(
        names.arn("sagemaker", "user-profile/\(Self.profile)"))
    ]
    return [
      // Whoever only looks is not told the owner.
      .allow(
        "SeeDomain", ["sagemaker:DescribeApp", "sagemaker:DescribeSpace"],
        on: [
          names.arn("sagemaker", "app/${sagemaker:DomainId}/*"),
          names.arn("sagemaker", "space/${sagemaker:DomainId}/*"),
        ]),
      .allow(
        "RunOwnApps", apps, on: [names.arn("sagemaker", "app/\(Self.profile)/*")],
        when: ["Null": ["sagemaker:OwnerUserProfileArn": "true"]]),
      .allow(
        "UseOwnSpaces",
        apps + [
          "sagemaker:CreateSpace", "sagemaker:UpdateSpace", "sagemaker:DeleteSpace",
        ],
        on: [
          names.arn("sagemaker", "space/${sagemaker:DomainId}/*"),
          names.arn("sagemaker", "app/${sagemaker:DomainId}/*"),
        ],
        when: [
          "ArnLike": owner, "StringEquals": ["sagemaker:SpaceSharingType": ["Private"]],
        ]),
      .allow(
        "MarkOwnSpaces", ["sagemaker:AddTags"],
        on: [
          names.arn("sagemaker", "space/${sagemaker:DomainId}/*"),
          names.arn("sagemaker", "app/${sagemaker:DomainId}/*"),
        ],
        when: [
          "ForAllValues:StringEquals": [
            "aws:TagKeys": .array(Self.marks + (Statement.decisiveTags.array ?? []))
          ],
          "Null": ["aws:TagKeys": "false"],
          "StringEqualsIfExists": Statement.becomesOwn,
        ]),
    ]
  }
}
