// From nothing to a model in prod and back to nothing: the same script over accounts of the mock and over
// folders.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct AccountJourneyTests {
  /// Over the mock with `ATELIER_SOAK=1` alone: each of a hundred results is some calls of its bucket.
  private static let kinds: [AccountSpace.Kind] =
    ProcessInfo.processInfo.environment["ATELIER_SOAK"] == "1" ? [.mock, .folders] : [.folders]

  @Test(arguments: kinds)
  func aModelIsMadeApprovedPromotedRolledBackAndAllRemoved(kind: AccountSpace.Kind) throws {
    let user = try AccountSpace(kind)
    let before = try user.census()
    try user.atelier("accounts", "deploy", "--yes")
    try user.space.atelier([
      "project", "create", "churn", "--cost-center", "12345", "--problem", "supervised",
      "--inference", "realtime",
    ])
    try user.atelier("project", "user", "add", "ann@example.com", "--project", "churn")

    var settings = [
      "Accounts.project": "churn", "Jobs.image": "serve:1", "Atelier.trials": "1",
    ]
    if kind == .mock {
      let dev = user.place("dev")
      settings.merge([
        "Atelier.store": "s3", "AWS.s3_bucket_name": "mlops-churn-\(dev)",
        "AWS.profile": "mlops-dev", "AWS.region": user.region,
      ]) { $1 }
    }
    func call(_ words: String..., expecting code: Int32 = 0) throws -> EndedProgram {
      try user.space.atelier(words, settings, expecting: code)
    }
    /// Trains with a seed, and gives the model's digest.
    func train(_ seed: String) throws -> String {
      let known = try models()
      _ = try call("run", "week4", "--set", "Atelier.seed=\(seed)")
      return try #require(try models().subtracting(known).first)
    }
    func models() throws -> Set<String> {
      Set(try call("model", "list", "--json").lines().compactMap { $0["model"]?.string })
    }
    let first = try train("1")
    let second = try train("2")
    let refused = try call("promote", first, "--to", "preprod", expecting: 1)
    #expect(refused.err.contains("approve"), "\(refused.err)")
    for model in [first, second] {
      _ = try call("model", "approve", model, "--reason", "AUC of the hold-out")
    }
    func promoted(_ tier: String) throws -> String? {
      try call("model", "tiers", "--json").lines().last { $0["tier"]?.string == tier }?["model"]?
        .string
    }
    for model in [first, second] {
      for tier in ["preprod", "prod"] {
        let said = try call("promote", model, "--to", tier)
        #expect(said.out.contains("endpoint churn-\(tier)"), "\(said.out)\(said.err)")
        #expect(!said.out.contains("none"), "\(said.out)")
      }
    }
    #expect(try promoted("prod") == second)
    _ = try call("promote", first, "--to", "prod")
    #expect(try promoted("prod") == first)
    #expect(try promoted("preprod") == second)

    let used = try user.atelier("project", "delete", "churn", "--users", "--yes", expecting: 2)
    #expect(used.err.contains("churn-prod in \(user.place("prod"))"), "\(used.err)")
    let destroyed = try user.atelier("accounts", "destroy", "--yes")
    #expect(destroyed.out == "first-example: removed completely\n")
    #expect(try user.census() == before)
  }
}
