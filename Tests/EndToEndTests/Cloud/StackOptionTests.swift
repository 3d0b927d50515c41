// What the stack of the propensity workshop has beside its resources: rights, CORS, tags, apps of
// Studio.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct StackOptionTests {
  @Test func theTemplateIsPrinted() throws {
    let space = try Space()
    let printed = try space.atelier(["stack", "template"])
    #expect(
      try printed.out == TestFiles.text(TestTools.root + "/Workshops/Propensity/stack.yaml"))
    let other = try WorkshopSpace.retail().atelier(
      ["stack", "template", "-w", "retail"], expecting: 2)
    #expect(other.err.contains("the workshop retail has no stack"))
  }

  @Test func whatNotebooksNeedIsThereAndTagsAreOnTheStack() throws {
    let user = try StackAccount(region: "us-east-2")
    let tags = ["AWS.tags": "CostCenter=123, Team=a b"]
    let deployed = try user.atelier("stack", "deploy", "--yes", settings: tags)
    #expect(deployed.err.contains("all rules removed"))
    let outputs = try user.outputs()
    let (bucket, network) = (outputs["S3DataBucket"] ?? "", outputs["VPCID"] ?? "")
    let found = try user.account("settings", bucket, network)
    #expect(found["tags"] == ["CostCenter": "123", "Team": "a b"])
    #expect(found["rules"] == 0 && found["apps"] == [])
    let rule = found["cors"]?.array?.first
    #expect(rule?["AllowedOrigins"] == ["*"])
    #expect(rule?["AllowedMethods"] == ["GET", "PUT", "POST", "DELETE"])

    let role = try #require(
      try user.account("census", user.stack)["roles"]?.array?.first?.string)
    let account = "arn:aws:sagemaker:us-east-2:123456789012"
    for (action, resource, isAllowed) in [
      ("cloudformation:DescribeStacks", outputs["StackID"] ?? "", true),
      ("cloudformation:DescribeStacks", "arn:aws:cloudformation:x:1:stack/other/1", false),
      ("secretsmanager:GetSecretValue", outputs["DataFlowUserSecretKey"] ?? "", true),
      ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:x:1:secret:other", false),
      ("sagemaker:CreateTrainingJob", "\(account):training-job/x", true),
      ("sagemaker:DeleteDomain", "\(account):domain/x", false),
    ] {
      let rights = try user.account("rights", role, action, resource)
      #expect((rights["statements"] != []) == isAllowed, "\(action) \(resource): \(rights)")
      #expect(rights["managed"] == [])
    }
    let again = try user.atelier("stack", "deploy", settings: tags)
    #expect(again.err.contains("nothing to change") && !again.err.contains("rules removed"))
    try user.atelier("stack", "destroy", "--yes")
    #expect(try user.census() == [:])
  }

  @Test func optionsStartAppsAndGiveAllRights() throws {
    let user = try StackAccount(region: "eu-north-1")
    let image = "arn:aws:sagemaker:us-west-2:236514542706:image/datascience-1.0"
    try user.atelier(
      "stack", "deploy", "--yes", "-p", "CreateStudioApps=true", "-p",
      "StudioKernelImageArn=\(image)", "-p", "SageMakerRights=full", "-p", "CorsOrigins=")
    let outputs = try user.outputs()
    let found = try user.account(
      "settings", outputs["S3DataBucket"] ?? "", outputs["VPCID"] ?? "")
    #expect(found["cors"] == [])
    let apps = found["apps"]?.array ?? []
    #expect(
      Set(apps.map { "\($0["AppType"]?.string ?? "") \($0["AppName"]?.string ?? "")" })
        == ["JupyterServer default", "KernelGateway kernel"])
    let role = try #require(
      try user.account("census", user.stack)["roles"]?.array?.first?.string)
    #expect(
      try user.account("rights", role, "x", "y")["managed"] == ["AmazonSageMakerFullAccess"])
    try user.atelier("stack", "destroy", "--yes")
    #expect(try user.census() == [:])
  }

  @Test func withoutARegionThatOfTheGuideIsUsedAndSaid() throws {
    let space = try Space()
    // It ends before anything is sent.
    let variables = [
      "AWS_ACCESS_KEY_ID": "AKIDTEST", "AWS_SECRET_ACCESS_KEY": "s3cr3t",
      "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
      "AWS_CA_BUNDLE": "/nonexistent.pem",
    ]
    space.environment = variables
    let without = try space.atelier(["stack", "outputs"], expecting: 2)
    #expect(without.err.contains("note: no region is set; using us-west-2"))
    space.environment = variables.merging(["REGION_NAME": "eu-west-1"]) { $1 }
    let with = try space.atelier(["stack", "outputs"], expecting: 2)
    #expect(!with.err.contains("us-west-2") && with.err.contains("/nonexistent.pem"))
  }

  @Test(arguments: [
    ("CostCenter", "'CostCenter'"), ("aws:x=1", "aws:"), ("a=1,a=2", "twice"),
  ])
  func tagsThatAWSRefusesAreNamedFirst(tags: String, part: String) throws {
    let user = try StackAccount(region: "sa-east-1")
    let refused = try user.atelier(
      "stack", "deploy", "--yes", settings: ["AWS.tags": tags], expecting: 2)
    #expect(refused.err.contains("[AWS] tags") && refused.err.contains(part))
    #expect(try user.census() == [:])
  }
}
