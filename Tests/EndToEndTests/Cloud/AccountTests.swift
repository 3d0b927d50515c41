// Accounts, projects and users from nothing to nothing, at the mock of AWS and in folders.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct AccountTests {
  /// What every resource of the project has.
  private static let tags = [
    "CostCenter": "12345", "Team": "forecast", "app-prefix": "mlops",
    "sagemaker:project-name": "churn",
  ]

  private static let create = [
    "project", "create", "churn", "--cost-center", "12345", "--problem", "supervised",
    "--inference", "realtime", "--tag", "Team=forecast",
  ]

  private static let ingest = [
    "project", "ingestion", "deploy", "churn", "-p", "FeatureGroupName=abalone", "-p",
    "DataWranglerFlowUrl=s3://bucket/dw.flow", "-p", "DataWranglerOutputName=a1.default", "-p",
    "ExecutionRoleName=own-role", "-p",
  ]

  @Test func fourAccountsAreDeployedUsedAndRemovedCompletely() throws {
    let user = try AccountSpace(.mock)
    #expect(try user.census() == .object([:]))
    let checked = try user.atelier("accounts", "check")
    #expect(!checked.out.contains("FAILED") && checked.out.contains("ok     credentials"))
    let planned = try user.atelier("accounts", "plan", expecting: 3)
    #expect(planned.out.contains("sc-project-stack"))
    let deployed = try user.atelier("accounts", "deploy", "--set", "first-example", "--yes")
    #expect(deployed.out == "first-example: 19 stacks deployed in 4 accounts\n")
    #expect(try user.atelier("accounts", "deploy").out == "first-example: nothing to change\n")
    let status = try user.atelier("accounts", "status")
    #expect(status.err.contains("own project templates are disabled"))
    let trusted = try user.atelier("accounts", "check")
    let hub = user.place("governance")
    let trust = Set([hub, user.place("dev")]).sorted().joined(separator: ", ")
    #expect(trusted.out.contains("\(user.place("prod")): trusts \(trust)"), "\(trusted.out)")
    // Without a profile the role of the bootstrap is assumed.
    #expect(
      try user.atelier("accounts", "plan", settings: ["Accounts.profile_prod": "none"]).code == 0)

    // A project and a person.
    let made = try user.space.atelier(Self.create)
    #expect(made.out.hasPrefix("project churn: created, id p-"))
    #expect(try user.space.atelier(Self.create).out.hasPrefix("project churn: unchanged"))
    let dev = user.place("dev")
    let tagged = try user.look("tags", dev, "churn").object ?? [:]
    #expect(tagged.count >= 29, "\(tagged.keys.sorted())")
    for (resource, tags) in tagged {
      for (key, value) in Self.tags {
        #expect(tags[key] == .string(value), "\(resource) has no \(key)=\(value): \(tags)")
      }
    }
    try user.atelier("project", "user", "add", "ann@example.com", "--project", "churn")
    let other = try user.atelier(
      "project", "user", "add", "ann@example.org", "--project", "churn", expecting: 2)
    #expect(other.err.contains("is that of ann@example.com"))
    let open = try user.atelier("project", "user", "open", "ann@example.com")
    #expect(open.out.hasPrefix("https://") && open.out.contains("/auth?token=") && open.err == "")
    try user.look("app", dev, "d-studio-domain", "ann-churn")

    // A job of the project's role without tags gets those of the project.
    let job = try user.look("train", dev, "/mlops/mlops-churn-execution")
    #expect(job["CostCenter"] == "12345" && job["sagemaker:project-name"] == "churn", "\(job)")

    // The ingestion: attached to a role, started by new objects below the prefix alone, once each.
    try user.look("role", dev, "own-role")
    try user.space.atelier(Self.ingest + ["S3DataPrefix=mlops-churn-\(dev)/landing"])
    #expect(try user.look("policies", dev, "own-role").array?.count == 1)
    let id = try user.atelier("project", "list", "--json").lines().first?["id"]?.string ?? ""
    let pipeline = "s3-fs-ingest-pipeline-\(id)"
    try user.look("object", dev, "mlops-churn-\(dev)", "elsewhere/a.csv")
    try user.look("object", dev, "mlops-churn-\(dev)", "landing/a.csv")
    let end = Date().addingTimeInterval(20)
    var runs: [JSONValue] = []
    while runs.isEmpty, Date() < end {
      runs = try user.look("executions", dev, pipeline).array ?? []
    }
    #expect(
      runs == [
        [["Name": "InputDataUrl", "Value": .string("s3://mlops-churn-\(dev)/landing/a.csv")]]
      ])
    try user.atelier("project", "ingestion", "delete", "churn")
    #expect(try user.look("policies", dev, "own-role") == [])

    // The catalogue's product makes a project, too.
    let second = try user.atelier(
      "project", "create", "second", "--cost-center", "7", "--problem", "unsupervised",
      "--inference", "batch", "--provider", "catalogue")
    #expect(second.out.hasPrefix("project second: created"))
    let listed = try user.atelier("project", "list", "--json").lines()
    #expect(listed.map { $0["provider"] } == ["template", "catalogue"])
    #expect(listed.map { $0["costCenter"] } == ["12345", "7"])

    // What stands in the way is named, and nothing goes unasked.
    try user.look("package", dev, "churn-\(id)")
    let kept = try user.atelier("project", "delete", "churn", "--yes", expecting: 2)
    #expect(kept.err.contains("has 1 user, such as ann@example.com"))
    let models = try user.atelier(
      "project", "delete", "churn", "--users", "--yes", expecting: 2)
    #expect(models.err.contains("has 1 model package;"))
    try user.look(
      "untrust", user.place("prod"), "cdk-hnb659fds-deploy-role-\(user.place("prod"))-eu-west-1")
    let untrusted = try user.atelier("accounts", "check", expecting: 2)
    #expect(untrusted.out.contains("does not trust") && untrusted.out.contains(dev))
    try user.atelier("accounts", "destroy", expecting: 2)
    #expect(try user.look("census", dev)[dev]?["projects"] == ["churn", "second"])
    let destroyed = try user.atelier("accounts", "destroy", "--yes")
    #expect(destroyed.out == "first-example: removed completely\n")
    #expect(try user.census() == [dev: ["roles": ["own-role"]]].asJSON)
    for said in [checked, deployed, made, open, destroyed] {
      #expect(!(said.out + said.err).contains("s3cr3t-of-the-user"))
    }
    let token = open.out.split(separator: "=").last.map(String.init) ?? "token"
    #expect(try user.files(with: token.trimmingCharacters(in: .newlines)) == [])
  }

  @Test func theSameInFolders() throws {
    let user = try AccountSpace(.folders)
    #expect(try user.census() == [])
    try user.atelier("accounts", "check")
    try user.atelier("accounts", "deploy", "--set", "first-example", "--yes")
    #expect(try user.atelier("accounts", "deploy").out == "first-example: nothing to change\n")
    let before = try user.census()
    #expect(try user.space.atelier(Self.create).out.hasPrefix("project churn: created"))
    #expect(try user.space.atelier(Self.create).out.hasPrefix("project churn: unchanged"))
    try user.atelier("project", "user", "add", "ann@example.com", "--project", "churn")
    let address = try user.atelier("project", "user", "open", "ann@example.com").out
      .trimmingCharacters(in: .newlines)
    let document = try JSONValue(
      parsing: Array(Data(contentsOf: try #require(URL(string: address)))))
    let profile = document["resources"]?.array?.first?["properties"]
    #expect(profile?["UserProfileName"] == "ann-churn")
    let tags = profile?["Tags"]?.array ?? []
    for (key, value) in Self.tags.merging(["mail": "ann@example.com"], uniquingKeysWith: { $1 }) {
      #expect(tags.contains(["Key": .string(key), "Value": .string(value)]), "\(key): \(tags)")
    }
    try user.space.atelier(Self.ingest + ["S3DataPrefix=bucket/landing"])
    #expect(
      try user.space.atelier(Self.ingest + ["S3DataPrefix=bucket/landing"]).out
        .hasSuffix("unchanged\n"))
    let wrong = try user.space.atelier(Self.ingest + ["S3DataPrefix=s3://bucket/x"], expecting: 2)
    #expect(wrong.err.contains("S3DataPrefix"), "\(wrong.err)")
    try user.atelier("project", "ingestion", "delete", "churn")
    try user.atelier("project", "user", "remove", "ann@example.com")
    try user.atelier("project", "delete", "churn", "--yes")
    #expect(try user.census() == before)
    try user.atelier("accounts", "destroy", "--yes")
    #expect(try user.census() == [])
    #expect(
      try user.atelier("accounts", "destroy", "--yes").out == "first-example: nothing to remove\n")
  }
}

extension [String: [String: [String]]] {
  /// As the census has it.
  fileprivate var asJSON: JSONValue {
    .object(
      mapValues { .object($0.mapValues { .array($0.map { .string($0) }) }) })
  }
}
