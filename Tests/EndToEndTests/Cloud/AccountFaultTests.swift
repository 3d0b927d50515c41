// Deployments that are killed, raced, or find what others made.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct AccountFaultTests {
  /// Calls between two kills; `ATELIER_SOAK` kills nearly everywhere.
  private static let stride =
    ProcessInfo.processInfo.environment["ATELIER_SOAK"] == nil ? 12...30 : 1...6

  @Test func whateverIsKilledIsContinuedByTheNextCall() throws {
    let server = try BucketServer(.accounts)
    let user = try AccountSpace(.oneAccount, server: server)
    var random = SystemRandomNumberGenerator()
    func toTheEnd(_ words: [String]) throws -> Int {
      var kills = 0
      // What a call reads before it changes anything grows with what is there.
      var limit = 10
      while kills < 400 {
        limit += Int.random(in: Self.stride, using: &random)
        try server.cut(limit)
        let running = try user.space.begin(words)
        while !running.isDone, try server.calls() <= limit { usleep(3000) }
        guard running.isDone else {
          running.signal(SIGKILL)
          _ = try running.wait()
          kills += 1
          continue
        }
        let ended = try running.wait()
        guard ended.code == 0 else { throw ProgramError("\(words): \(ended.err)") }
        break
      }
      try server.cut(nil)
      return kills
    }
    let deployed = try toTheEnd(["accounts", "deploy", "--yes"])
    #expect(try user.atelier("accounts", "plan").code == 0)
    let created = try toTheEnd([
      "project", "create", "churn", "--cost-center", "1", "--problem", "supervised",
      "--inference", "batch",
    ])
    _ = try toTheEnd(["project", "user", "add", "ann@example.com", "--project", "churn"])
    let removed = try toTheEnd(["accounts", "destroy", "--yes"])
    #expect(deployed >= 1 && removed >= 1, "\(deployed) \(created) \(removed)")
    #expect(try user.census() == .object([:]))
  }

  @Test func twoDeploymentsAtOnceComeToTheSameEnd() throws {
    let user = try AccountSpace(.oneAccount)
    let both = try [0, 1].map { _ in try user.space.begin(["accounts", "deploy", "--yes"]) }
    for one in both {
      let ended = try one.wait()
      #expect(ended.code == 0, "\(ended.err)")
    }
    #expect(try user.atelier("accounts", "plan").code == 0)
    // A tag is brought to all stacks, and by then they are current.
    let tag = ["AWS.tags": "Team=x"]
    let changed = try user.atelier("accounts", "deploy", "--yes", settings: tag)
    #expect(changed.out.contains("10 stacks deployed"))
    #expect(try user.atelier("accounts", "plan", settings: tag).code == 0)
    try user.atelier("accounts", "destroy", "--yes")
    #expect(try user.census() == .object([:]))
  }

  @Test func whatOthersMadeStays() throws {
    let user = try AccountSpace(.mock)
    let prod = user.place("prod")
    try user.look("stack", prod, "stackset-execution-role")
    let refused = try user.atelier("accounts", "deploy", "--yes", expecting: 2)
    #expect(refused.err.contains("\(prod): the stack stackset-execution-role is there"))
    #expect(try user.look("census", user.place("dev")) == .object([:]))
    #expect(try user.atelier("accounts", "destroy", "--yes").out.hasSuffix("nothing to remove\n"))
    // Profiles, regions and accounts that are not what a deployment needs.
    let dev = user.place("dev")
    let told = try user.atelier(
      "accounts", "check", "--offline",
      settings: ["Accounts.profile_dev": "nope", "Accounts.region": "sa-east-1"])
    #expect(
      told.out.contains(
        "nope: there is no such profile; arn:aws:iam::\(dev):role/cdk-hnb659fds-deploy-role-\(dev)"
          + "-sa-east-1 is assumed with the profile mlops-governance"), "\(told.out)")
    #expect(told.out.contains("sa-east-1: has no CodeArtifact"))
    let wrong = try user.atelier(
      "accounts", "check", settings: ["Accounts.profile_prod": "mlops-dev"], expecting: 2)
    #expect(wrong.out.contains("FAILED credentials \(prod)") && wrong.out.contains(dev))
    // A bootstrap by the CDK is as good as ours.
    try user.look("stack", dev, "CDKToolkit")
    let plan = try user.atelier("accounts", "plan", expecting: 2)
    #expect(plan.err.contains("stackset-execution-role"))
  }

  @Test func aProblemIsNamedWithItsPlace() throws {
    let user = try AccountSpace(.folders)
    try user.write(
      #"[{"SET_NAME":"a","DEV_ACCOUNT":12345678901,"PREPROD_ACCOUNT":"./p"},{"SET_NAME":"A"}]"#,
      "project/accounts.json")
    try user.write("PIPELINE_ACCOUNT = os.environ['X']\n", "project/constants.py")
    let checked = try user.atelier("accounts", "check", "--offline", expecting: 2)
    for part in [
      "accounts.json: [0].DEV_ACCOUNT", "\"012345678901\"", "accounts.json: [0].PROD_ACCOUNT",
      "accounts.json: [1].SET_NAME", "constants.py:1",
    ] {
      #expect(checked.out.contains(part), "\(part): \(checked.out)")
    }
    for verb in [["plan"], ["deploy", "--yes"], ["destroy", "--yes"]] {
      let refused = try user.space.atelier(["accounts"] + verb, expecting: 2)
      #expect(refused.err.contains("accounts.json: [0].DEV_ACCOUNT"))
    }
    let missing = try user.atelier(
      "accounts", "check", settings: ["Accounts.file": "none.json"], expecting: 2)
    #expect(missing.err.contains("[Accounts] file: there is no file 'none.json'"))
  }

  @Test func folderDocumentsThatAreDamagedAreNamedAndKept() throws {
    let user = try AccountSpace(.folders)
    try user.atelier("accounts", "deploy", "--yes")
    let path = "project/accounts/dev/stacks/mlops-network.json"
    try user.write("{\"v\":1", path)
    let refused = try user.atelier("accounts", "deploy", "--yes", expecting: 2)
    #expect(refused.err.contains("mlops-network.json: damaged"))
    #expect(try user.atelier("accounts", "check", expecting: 2).out.contains("mlops-network.json"))
  }
}
