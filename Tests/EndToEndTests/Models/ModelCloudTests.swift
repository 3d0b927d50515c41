// Models in buckets and accounts of AWS, on moto's separate accounts. Nothing here was tried on AWS.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs, .enabled(if: StandIns.isInstalled, Comment(rawValue: StandIns.absence)))
struct ModelCloudTests {
  private static let region = "ap-northeast-3"
  private static let preprod = "222222222222"
  private static let prod = "333333333333"

  /// A space whose calls reach the mock.
  private struct Cloud {
    let space: ModelSpace
    let bucket: String
    private let variables: [String: String]

    init() throws {
      let server = try WorkflowProject.server.get()
      bucket = try server.makeBucket()
      space = try ModelSpace()
      variables = BucketServer.keys.merging([
        "AWS_ENDPOINT_URL": server.url, "AWS_REGION": ModelCloudTests.region,
        "NO_PROXY": "127.0.0.1",
      ]) { $1 }
      space.space.variables = variables
      space.space.settings["Accounts.region"] = ModelCloudTests.region
      space.space.settings["Jobs.image"] = "serve:1"
      space.space.settings["Accounts.endpoint_role"] = "serving"
    }

    /// Results and registry in the bucket.
    func share() {
      space.space.settings["Atelier.store"] = "s3"
      space.space.settings["AWS.s3_bucket_name"] = bucket
    }

    /// What `Tests/Mock/tier_account.py` answers.
    @discardableResult
    func account(_ words: String...) throws -> JSONValue {
      let ended = try Space.start(
        StandIns.python, [TestTools.root + "/Tests/Mock/tier_account.py"] + words,
        environment: Space.tools.merging(variables) { $1 }, folder: space.folder.path)
      guard ended.code == 0 else { throw ProgramError(ended.err) }
      return try JSONValue(parsing: ended.out)
    }
  }

  @Test func aModelGoesThroughAccounts() throws {
    let cloud = try Cloud()
    let space = cloud.space
    let (first, second) = (String(space.first.prefix(12)), String(space.second.prefix(12)))
    // What was trained on this machine, and a decision about it, are pushed.
    try space.approve(first)
    cloud.share()
    try space.call("store", "push", "--all")
    #expect(try space.show(first)["status"] == "approved")
    // Before anybody decides more: two at once, in one order, by the identity that AWS gives.
    let both = try (0..<2).map { number in
      try space.start("model", "approve", second, "--reason", "number \(number)")
    }
    for running in both {
      let ended = try running.wait()
      #expect(ended.code == 0, "\(ended.err)")
    }
    let history = try space.show(second)["history"]?.array ?? []
    #expect(history.compactMap { $0["event"]?.string } == ["registered", "approved", "approved"])
    #expect(history.last?["evidence"] == "aws")
    #expect(history.last?["who"]?.string?.hasPrefix("arn:aws:") == true)

    // The mirror: a group that is not there is told, and the next decision repairs it.
    let group = "churn-models-\(UUID().uuidString.prefix(8))"
    let mirror = ["Accounts.model_group": group]
    let told = try space.call(
      "model", "approve", second, "--reason", "again", settings: mirror, expecting: 5)
    #expect(told.err.contains("the decision is recorded") && told.err.contains(group))
    try cloud.account("group", group)
    try space.call("model", "reject", second, "--reason", "leak", settings: mirror)
    #expect(
      try cloud.account("packages", group) == [
        "sha256:\(space.first)": "Approved", "sha256:\(space.second)": "Rejected",
      ])
    let package = try cloud.account("package", group, "sha256:\(space.first)")
    let archive = "churn/models/\(space.first)/model.tar.gz"
    #expect(package["image"] == "serve:1")
    #expect(package["data"]?.string == "s3://\(cloud.bucket)/\(archive)")
    try space.call("model", "approve", second, "--reason", "no leak", settings: mirror)
    #expect(
      try cloud.account("packages", group)["sha256:\(space.second)"] == "Approved")

    // Through the accounts of the tiers, each by a role that is assumed there.
    let (preprod, prod) = ("mlops-churn-\(Self.preprod)", "mlops-churn-\(Self.prod)")
    let tiers = ["Accounts.preprod": Self.preprod, "Accounts.prod": Self.prod]
    try cloud.account("bucket", Self.preprod, preprod)
    try cloud.account("bucket", Self.prod, prod)
    let promoted = try space.call("promote", first, "--to", "preprod", settings: tiers)
    #expect(promoted.out.contains("endpoint churn-preprod created"), "\(promoted.out)")
    try space.call("promote", first, "--to", "prod", settings: tiers)
    let keys = try cloud.account("objects", Self.prod, prod).array?.compactMap(\.string) ?? []
    let blob = ".atelier/cas/sha256/\(space.first.prefix(2))/\(space.first)"
    #expect(keys.contains(blob) && keys.contains("models/\(space.first)/model.tar.gz"), "\(keys)")
    let served = try cloud.account("endpoint", Self.prod, "churn-prod")
    #expect(served["status"] == "InService")
    #expect(served["role"]?.string == "arn:aws:iam::\(Self.prod):role/serving")
    #expect(served["data"]?.string == "s3://\(prod)/models/\(space.first)/model.tar.gz")

    // Another one, and back; at once, too.
    for tier in ["preprod", "prod"] {
      try space.call("promote", second, "--to", tier, settings: tiers)
    }
    let race = try [first, second].map {
      try space.start("promote", $0, "--to", "prod", settings: tiers)
    }
    let ended = try race.map { try $0.wait() }
    #expect(ended.contains { $0.code == 0 }, "\(ended.map(\.err))")
    try space.call("promote", first, "--to", "prod", settings: tiers)
    #expect(
      try cloud.account("endpoint", Self.prod, "churn-prod")["data"]?.string?
        .contains(space.first) == true)
    let lines = try space.call("model", "tiers", "--json", settings: tiers).lines()
    #expect(
      lines.filter { $0["tier"] == "prod" }.first?["model"]?.string == "sha256:\(space.first)")
  }

  @Test func fromFoldersIntoAnAccount() throws {
    let cloud = try Cloud()
    let space = cloud.space
    let model = String(space.first.prefix(12))
    let account = "444444444444"
    let bucket = "mlops-churn-\(account)"
    let mixed = ["Accounts.prod": account]
    try space.approve(model)
    try space.call("promote", model, "--to", "preprod", settings: mixed)
    #expect(try space.served("preprod") == space.first)
    // Without the bucket nothing is half there, and what to do is said.
    let absent = try space.call("promote", model, "--to", "prod", settings: mixed, expecting: 5)
    #expect(absent.err.contains(bucket), "\(absent.err)")
    try cloud.account("bucket", account, bucket)
    try space.call("promote", model, "--to", "prod", settings: mixed)
    #expect(
      try cloud.account("endpoint", account, "churn-prod")["data"]?.string
        == "s3://\(bucket)/models/\(space.first)/model.tar.gz")

    // Costs beside those of Cost Explorer.
    try cloud.account("costs", "1.25", "Amazon SageMaker")
    let costs = try space.call(
      "cost", "--aws", "--days", "7", "--json",
      settings: ["AWS.tags": "CostCenter=123", "AWS.region": Self.region])
    let lines = try costs.lines()
    let aws = try #require(lines.first { $0["event"] == "aws" })
    #expect(aws["service"] == "Amazon SageMaker" && aws["amount"]?.number == 2.5)
    #expect(costs.err.contains("CostCenter=123") && costs.err.contains("24 hours"))
    let total = try #require(lines.first { $0["event"] == "total" })
    #expect(total["ran"]?.integer ?? 0 > 10 && total["hits"]?.integer ?? 0 > 0)
    #expect(total["dollars"]?.number == 0 && total["savedSeconds"]?.number ?? 0 > 0)
  }
}
