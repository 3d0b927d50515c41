// The stack behind config.ini, against the mock of AWS: deploy, validate, destroy, as a user meets them.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct StackTests {
  private static let names = [
    "StackID", "VPCID", "StudioDomainID", "StudioDomainURL", "StudioDomainUserProfile",
    "S3DataBucket", "DataFlowIAMUser", "DataFlowUserAccessKey", "DataFlowUserSecretKey", "EFSID",
  ]

  @Test func theTemplateIsCleanForItsLinter() throws {
    let linted = try Space.start(
      BucketServer.venv + "/bin/cfn-lint",
      ["--include-checks", "I", "--template", TestTools.root + "/Workshops/Propensity/stack.yaml"],
      environment: Space.tools, folder: NSTemporaryDirectory())
    #expect(linted.code == 0, "\(linted.out)")
  }

  @Test func aNewUserDeploysValidatesRunsAndDestroys() throws {
    let user = try StackAccount(region: "us-east-1", binary: nil)
    #expect(try user.census() == [:])
    let before = try String(contentsOfFile: user.space.configPath, encoding: .utf8)

    let deployed = try user.atelier("stack", "deploy", "--yes")
    let outputs = try user.outputs()
    #expect(Set(outputs.keys) == Set(Self.names))
    #expect(deployed.err.contains("StudioDomain ") && deployed.err.contains("Vpc "))
    // In the order in which they happened, each once.
    let events = deployed.err.split(separator: "\n").filter { $0.contains("CREATE_COMPLETE  ") }
    #expect(events.count >= 30 && Set(events).count == events.count)
    #expect(try user.configured("AWS.cfn_stack_id") == outputs["StackID"])
    #expect(try user.configured("AWS.s3_bucket_name") == outputs["S3DataBucket"])
    let after = try String(contentsOfFile: user.space.configPath, encoding: .utf8)
    #expect(
      before.split(separator: "\n", omittingEmptySubsequences: false).filter {
        !$0.hasPrefix("cfn_stack_id") && !$0.hasPrefix("s3_bucket_name")
      }
        == after.split(separator: "\n", omittingEmptySubsequences: false).filter {
          !$0.hasPrefix("cfn_stack_id") && !$0.hasPrefix("s3_bucket_name")
        })

    let validated = try user.atelier("validate")
    let lines = validated.out.split(separator: "\n")
    #expect(lines.count == 8 && lines.dropLast().allSatisfy { $0.hasPrefix("ok ") })
    #expect(lines.last == "SUCCESS")

    let ran = try user.atelier("run", "week5", settings: ["Atelier.store": "s3"])
    #expect(ran.err.contains("32 ran"), "\(ran.err)")
    let plan = try user.atelier("stack", "destroy", expecting: 2)
    #expect(plan.err.contains("object versions") && plan.err.contains("add --yes"))

    // The secret is in Secrets Manager and nowhere else.
    let secret = try #require(
      try user.account("secret", outputs["DataFlowUserSecretKey"] ?? "").string)
    #expect(secret.count >= 40)
    for finished in [deployed, validated, ran, plan] {
      let said = finished.out + finished.err
      #expect(!said.contains(secret) && !said.contains("s3cr3t-of-the-user"))
    }
    #expect(try user.files(with: secret) == [])
    #expect(try user.files(with: "s3cr3t-of-the-user") == [])

    let destroyed = try user.atelier("stack", "destroy", "--yes")
    #expect(destroyed.out == "\(user.stack) removed completely\n")
    #expect(try user.census() == [:])
    #expect(try user.configured("AWS.cfn_stack_id") == "")
    let again = try user.atelier("stack", "destroy", "--yes")
    #expect(again.err.contains("nothing to remove"))
  }

  @Test func aSecondDeployChangesNothingAndAParameterWhatItMust() throws {
    let user = try StackAccount(region: "eu-west-1")
    try user.atelier("stack", "deploy", "--yes", "--no-studio")
    let outputs = try user.outputs()
    #expect(
      Set(outputs.keys) == Set(Self.names.filter { !$0.hasPrefix("Studio") && $0 != "EFSID" }))
    let again = try user.atelier("stack", "deploy")
    #expect(again.err.contains("nothing to change"), "\(again.err)")
    #expect(!again.err.contains("IN_PROGRESS"))
    // Studio stays away although only another parameter is given.
    let changed = try user.atelier("stack", "deploy", "--yes", "-p", "NatGateways=2")
    let table = changed.err.split(separator: "\n").filter {
      $0.hasPrefix("Add ") || $0.hasPrefix("Modify ") || $0.hasPrefix("Remove ")
    }
    #expect(
      table.map { $0.split(separator: " ").prefix(2).joined(separator: " ") }.sorted() == [
        "Add NatAddressB", "Add NatGatewayB", "Modify PrivateDefaultRouteB",
      ], "\(changed.err)")
    #expect(try user.outputs() == outputs)
    let unknown = try user.atelier("stack", "deploy", "-p", "NatGateway=2", expecting: 2)
    #expect(unknown.err.contains("no parameter 'NatGateway'"))
    try user.atelier("stack", "destroy", "--yes")
    #expect(try user.census() == [:])
  }

  @Test func nothingHappensUnasked() throws {
    let user = try StackAccount(region: "eu-west-2")
    let asked = try user.atelier("stack", "deploy", expecting: 2)
    #expect(asked.err.contains("DataBucket") && asked.err.contains("add --yes"))
    #expect(try user.configured("AWS.cfn_stack_id") == "")
    let census = try user.census()
    #expect(Set(census.keys) == ["stacks"], "\(census)")
    // The change set that waits is the one that is carried out.
    let outputs = try user.atelier("stack", "outputs")
    #expect(outputs.out == "")
    let agreed = try user.atelier("stack", "deploy", "--yes")
    #expect(agreed.err.contains("is CREATE_COMPLETE"))
    try user.atelier("stack", "destroy", "--yes")
    #expect(try user.census() == [:])
  }

  @Test func anInterruptedDeployIsPickedUp() throws {
    let user = try StackAccount(region: "eu-west-3")
    let folder = try TemporaryFolder()
    let words = ["stack", "deploy", "--yes", "--name", user.stack, "--project", user.space.project]
    let running = try RunningProgram(
      TestTools.built("atelier"), words, environment: user.space.environment, captures: folder)
    let end = Date().addingTimeInterval(60)
    while try !running.said().contains("CREATE_IN_PROGRESS"), Date() < end { usleep(20_000) }
    running.signal(SIGINT)
    let ended = try running.wait()
    #expect(ended.code == 130, "\(ended.err)")
    #expect(ended.err.contains("goes on without us"))
    #expect(try user.configured("AWS.cfn_stack_id") == "")
    let resumed = try user.atelier("stack", "deploy")
    #expect(resumed.err.contains("nothing to change"), "\(resumed.err)")
    #expect(try user.configured("AWS.cfn_stack_id") == user.outputs()["StackID"])
    try user.atelier("stack", "destroy", "--yes")
    #expect(try user.census() == [:])
  }

  @Test func aFailureNamesItsResourceAndLeavesAWayOut() throws {
    let user = try StackAccount(region: "eu-central-1")
    let taken = "taken-" + UUID().uuidString.lowercased()
    try user.account("bucket", taken)
    let failed = try user.atelier(
      "stack", "deploy", "--yes", "-p", "S3BucketName=\(taken)", expecting: 1)
    #expect(failed.err.contains("ended as ROLLBACK_COMPLETE"), "\(failed.err)")
    #expect(failed.err.contains("  DataBucket (AWS::S3::Bucket): "))
    let again = try user.atelier("stack", "deploy", "--yes", expecting: 2)
    #expect(again.err.contains("atelier stack destroy"))
    try user.atelier("stack", "destroy", "--yes")
    #expect(try user.census() == [:])
  }

  @Test func destroyTakesWhatPeopleMadeMeanwhile() throws {
    let user = try StackAccount(region: "ap-northeast-1")
    try user.atelier("stack", "deploy", "--yes")
    let outputs = try user.outputs()
    let vpc = outputs["VPCID"] ?? ""
    try user.account("work", outputs["StudioDomainID"] ?? "", outputs["S3DataBucket"] ?? "")
    try user.account("block", vpc)
    let plan = try user.atelier("stack", "destroy", expecting: 2).err
    for line in [
      "2 Studio apps", "1 Studio space", "1 added user profile", "2 mount targets",
      "1 file system", "2 security groups", "4 object versions", "1 unfinished upload",
    ] {
      #expect(plan.contains("  \(line) "), "\(line): \(plan)")
    }
    // Somebody else's group holds the network.
    let held = try user.atelier("stack", "destroy", "--yes", expecting: 1)
    #expect(held.err.contains("Vpc (AWS::EC2::VPC): "), "\(held.err)")
    #expect(held.out.contains("left: stack \(user.stack) (DELETE_FAILED)"), "\(held.out)")
    #expect(held.out.contains("left: Vpc \(vpc) (AWS::EC2::VPC)"))
    #expect(try user.configured("AWS.cfn_stack_id") == outputs["StackID"])
    #expect(try Set(user.census().keys) == ["groups", "stacks", "vpcs"])
    try user.account("unblock", vpc)
    let rest = try user.atelier("stack", "destroy", "--yes")
    #expect(rest.out == "\(user.stack) removed completely\n")
    #expect(try user.census() == [:])
  }

  @Test(.enabled(if: TestTerminal.isThere, "needs script"))
  func atATerminalItAsks() throws {
    let user = try StackAccount(region: "ap-south-1")
    func terminal(_ words: String) throws -> TestTerminal {
      try TestTerminal(
        "exec \(TestTools.built("atelier")) stack \(words) --name \(user.stack) "
          + "--project \(user.space.project)",
        columns: 120, environment: user.space.environment)
    }
    func answer(_ words: String, _ text: String) throws -> (code: Int32, shown: String) {
      let terminal = try terminal(words)
      try terminal.wait(for: words.hasPrefix("deploy") ? "[y/N]" : "to go on:", seconds: 90)
      try terminal.type(text + "\n")
      return try terminal.end(seconds: 90)
    }
    let declined = try answer("deploy --no-studio", "n")
    #expect(declined.code == 2 && declined.shown.contains("nothing was changed"))
    let agreed = try answer("deploy --no-studio", "y")
    #expect(agreed.code == 0 && agreed.shown.contains("CREATE_COMPLETE"), "\(agreed.shown)")
    let kept = try answer("destroy", "yes")
    #expect(kept.code == 2 && kept.shown.contains("nothing was removed"), "\(kept.shown)")
    let gone = try answer("destroy", user.stack)
    #expect(gone.code == 0 && gone.shown.contains("removed completely"), "\(gone.shown)")
    #expect(try user.census() == [:])
  }

  @Test func validateNamesTheReasonAndTheRemedy() throws {
    let user = try StackAccount(region: "ca-central-1")
    func failure(
      _ code: Int32, _ check: String, _ parts: String..., settings: [String: String] = [:]
    ) throws {
      let said = try user.atelier("validate", settings: settings, expecting: code).out
      let lines = said.split(separator: "\n")
      #expect(lines.suffix(2).first?.hasPrefix("FAILED \(check) ") == true, "\(said)")
      #expect(lines.last?.contains("to do: ") == true && !said.contains("SUCCESS"))
      for part in parts { #expect(said.contains(part), "\(part): \(said)") }
    }
    try failure(2, "config", "cfn_stack_id is empty", "atelier stack deploy")
    try failure(2, "stack", "no stack nowhere", settings: ["AWS.cfn_stack_id": "nowhere"])
    let port = try LoopbackPort.free()
    try failure(
      5, "credentials", "endpoint_url",
      settings: ["AWS.cfn_stack_id": "x", "AWS.endpoint_url": "http://127.0.0.1:\(port)"])
    try user.atelier("stack", "deploy", "--yes", "--no-studio")
    let json = try user.atelier("validate", "--json").lines()
    #expect(
      json.map { $0["check"]?.string } == [
        "config", "credentials", "stack", "secret", "write", "read", "delete",
      ])
    #expect(json.allSatisfy { $0["ok"] == true })
    try failure(
      2, "stack", "config set AWS.s3_bucket_name=", settings: ["AWS.s3_bucket_name": "other"])
    try user.account("forget-secret", user.outputs()["DataFlowUserSecretKey"] ?? "")
    try failure(2, "secret", "ResourceNotFoundException")
  }

  /// Signatures and rights count here, so a server of its own.
  @Test func theDataFlowsUserHasItsPrefixAndNothingElse() throws {
    let server = try BucketServer(.aws)
    defer { server.program.end() }
    let user = try StackAccount(region: "us-west-2", server: server)
    try user.atelier("stack", "deploy", "--yes", "--no-studio")
    let outputs = try user.outputs()
    let key = try #require(try user.account("lock").array?.compactMap(\.string))
    try #require(key.count == 2)
    let strangers = try user.atelier("validate", expecting: 2)
    #expect(strangers.out.contains("FAILED credentials "), "\(strangers.out)")
    user.space.environment["AWS_ACCESS_KEY_ID"] = key[0]
    user.space.environment["AWS_SECRET_ACCESS_KEY"] = key[1]
    let fine = try user.atelier("validate")
    #expect(fine.out.hasSuffix("SUCCESS\n"))
    let (arn, bucket) = (outputs["DataFlowUserSecretKey"] ?? "", outputs["S3DataBucket"] ?? "")
    let told = try user.account("outside", arn, outputs["DataFlowUserAccessKey"] ?? "", bucket)
    #expect(told.array?.count == 6)
    #expect(told.array?.allSatisfy { $0 == "AccessDenied" } == true, "\(told)")
    // A prefix that is not the one the stack was made for.
    let elsewhere = try user.atelier("validate", settings: ["AWS.s3_prefix": "other"], expecting: 2)
    #expect(elsewhere.out.contains("rights on other (again)"), "\(elsewhere.out)")
    let canary = "canary0123456789canary0123456789canary01"
    try user.account("change-secret", arn, canary)
    let wrong = try user.atelier("validate", expecting: 2)
    #expect(wrong.out.contains("secret does not belong to"), "\(wrong.out)")
    for finished in [fine, elsewhere, wrong] {
      let said = finished.out + finished.err
      #expect(!said.contains(canary) && !said.contains(key[1]))
    }
  }

  @Test func aWorkshopWithoutAStackSaysSo() throws {
    let space = try FixtureSpace([["name": "one.a", "script": "echo a > $out"]])
    let ended = try space.call(
      "stack", "deploy",
      environment: BucketServer.keys.merging(["AWS_ENDPOINT_URL": "http://127.0.0.1:9"]) { $1 })
    #expect(ended.code == 2 && ended.err.contains("the workshop fixture has no stack"))
    // A debug build leaves AWS itself alone; of the build of the tests nothing is asked.
    guard TestPrograms.isDebug else { return }
    let real = try space.call(
      "stack", "destroy", "--yes",
      environment: BucketServer.keys.merging(["AWS_REGION": "eu-west-1"]) { $1 })
    #expect(real.code == 2 && real.err.contains("debug build"), "\(real.err)")
  }
}
