// Models from training to prod and back, on folders, by the built program.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct ModelTests {
  @Test func fromATrainedModelToProdAndBack() throws {
    let space = try ModelSpace()
    let (first, second) = (String(space.first.prefix(12)), String(space.second.prefix(8)))
    let list = try space.call("model", "list", "--json").lines()
    #expect(
      Set(list.compactMap { $0["model"]?.string })
        == ["sha256:" + space.first, "sha256:" + space.second])
    #expect(list.allSatisfy { $0["status"] == "pending" })

    // What is missing is told before anything is written.
    let pending = try space.call("promote", first, "--to", "preprod", expecting: 1)
    #expect(pending.err.contains("nobody has approved the model \(first)"))
    #expect(try space.call("model", "approve", first, expecting: 2).err.contains("--reason"))
    for word in ["latest", "newest", String(first.prefix(7)), "churn"] {
      for words in [
        ["model", "approve", word, "--reason", "x"], ["promote", word, "--to", "preprod"],
      ] {
        let ended = try space.space.atelier(words + ["--workshop", "churn"], expecting: 2)
        #expect(ended.err.contains("does not name a model"), "\(ended.err)")
      }
    }
    #expect(!FileManager.default.fileExists(atPath: space.folder("accounts/preprod/.atelier/cas")))

    // Two approvals at once: both count, in one order.
    let both = try ["ada", "bob"].map { name in
      try space.start(
        "model", "approve", first, "--reason", "figures, says \(name)",
        settings: ["Accounts.user": name])
    }
    for running in both { #expect(try running.wait().code == 0) }
    let history = try space.show(first)["history"]?.array ?? []
    #expect(history.compactMap { $0["event"]?.string } == ["registered", "approved", "approved"])
    #expect(Set(history.dropFirst().compactMap { $0["who"]?.string }) == ["ada", "bob"])
    #expect(history.allSatisfy { $0["evidence"] == "setting" })
    #expect(try space.show(first)["status"] == "approved")

    // The order of tiers; a model that is approved meanwhile does not come along.
    let early = try space.call("promote", first, "--to", "prod", expecting: 1)
    #expect(early.err.contains("was never in preprod"))
    try space.approve(second)
    #expect(
      try space.call("promote", first, "--to", "preprod").out.contains(
        "endpoint churn-preprod created"))
    #expect(try space.promoted("preprod") == [space.first])
    #expect(try space.served("preprod") == space.first)

    // A gate by the baseline, with its own tolerance or another one.
    let gate = ["Accounts.prod_baseline": "small"]
    try space.call("promote", first, "--to", "prod", settings: gate)
    try space.call("promote", second, "--to", "preprod")
    let failed = try space.call("promote", second, "--to", "prod", settings: gate, expecting: 1)
    #expect(failed.err.contains("does not pass the gate of prod"), "\(failed.err)")
    #expect(failed.err.contains("validate.error.measured /metrics/"), "\(failed.err)")
    #expect(try space.promoted("prod") == [space.first])
    try space.call(
      "promote", second, "--to", "prod",
      settings: gate.merging(["Accounts.prod_tolerance": "0.9"]) { $1 })
    #expect(try space.served("prod") == space.second)
    let odd = try space.call(
      "promote", second, "--to", "prod",
      settings: gate.merging(["Accounts.prod_tolerance": "5%"]) { $1 }, expecting: 2)
    #expect(odd.err.contains("[Accounts] prod_tolerance"))

    // Back to the former one; twice is once.
    for _ in 0..<2 { try space.call("promote", first, "--to", "prod") }
    #expect(try space.promoted("prod") == [space.first, space.second, space.first])
    #expect(try space.served("prod") == space.first)
    let tiers = try space.call("model", "tiers", "--all", "--json").lines()
    #expect(tiers.filter { $0["tier"] == "prod" }.count == 3)

    // A withdrawn model stays where it is and goes nowhere else.
    try space.call("model", "reject", second, "--reason", "leaks the label")
    let refused = try space.call("promote", second, "--to", "preprod", expecting: 1)
    #expect(refused.err.contains("leaks the label"))
    #expect(try space.show(second)["status"] == "rejected")
    let other = try space.space.atelier(
      ["promote", first, "--to", "prod", "-w", "retail"], expecting: 2)
    #expect(!other.err.isEmpty)
  }

  @Test func whatIsApprovedStaysAndWhatIsDamagedIsTold() throws {
    let space = try ModelSpace()
    try space.approve(space.first)
    let clean = ["store", "gc", "--delete", "--keep-runs", "0", "--max-age", "0d"]
    _ = try space.space.atelier(clean + ["--workshop", "churn"])
    let list = try space.call("model", "list", "--json").lines()
    #expect(list.compactMap { $0["model"]?.string } == ["sha256:" + space.first])
    let entry = try space.show(space.first)["entry"]
    #expect(entry?["steps"]?.array?.contains { $0["name"] == "train.model" } == true)
    try space.call("promote", space.first, "--to", "preprod")
    #expect(try space.served("preprod") == space.first)
    // All that made it is there still: nothing runs again.
    let again = try space.space.run([:], ["--dry-run"], target: "churn/train.model")
    _ = again
    let path = space.folder("store/.atelier/models/\(space.first)/00000002.json")
    let text = try TestFiles.text(path)
    try TestFiles.write(Array(text.replacing("approved", with: "rejected").utf8), to: path)
    let damaged = try space.call("model", "list", expecting: 6)
    #expect(damaged.err.contains("00000002.json"), "\(damaged.err)")
    let refused = try space.space.atelier(clean + ["--workshop", "churn"], expecting: 6)
    #expect(refused.err.contains("00000002.json"))
  }

  /// Kills promotions at random moments: at none of them does a tier tell of a model that is not whole there,
  /// and the next call goes on.
  @Test func aKilledPromotionLeavesNothingHalf() throws {
    let space = try ModelSpace()
    try space.approve(space.first)
    let began = Date()
    try space.call("promote", space.first, "--to", "preprod")
    let length = Date().timeIntervalSince(began)
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(state: seed)
    var kills = 0
    for round in 0..<6 {
      try FileManager.default.removeItem(atPath: space.folder("accounts/preprod/.atelier"))
      let running = try space.start("promote", space.first, "--to", "preprod")
      usleep(UInt32(Double.random(in: 0...length, using: &random) * 1e6))
      running.signal(SIGKILL)
      if try running.wait().signal == SIGKILL { kills += 1 }
      let note = "round \(round), seed \(seed)"
      for model in try space.promoted("preprod") {
        let blob = "accounts/preprod/.atelier/cas/sha256/\(model.prefix(2))/\(model)"
        #expect(try Digest.of(TestFiles.read(space.folder(blob))).hex == model, "\(note)")
      }
      try space.call("promote", space.first, "--to", "preprod")
      #expect(try space.promoted("preprod") == [space.first], "\(note)")
      #expect(try space.served("preprod") == space.first, "\(note)")
    }
    #expect(kills > 0)
  }

  @Test func ofPromotionsAtOnceTheRecordAndTheEndpointAgree() throws {
    let space = try ModelSpace()
    for model in [space.first, space.second] { try space.approve(model) }
    for round in 0..<2 {
      let before = try space.promoted("preprod").count
      let running = try [space.first, space.second].map {
        try space.start("promote", $0, "--to", "preprod")
      }
      let ended = try running.map { try $0.wait() }
      let records = try space.promoted("preprod")
      let won = ended.filter { $0.code == 0 && $0.out.contains("promoted by") }
      #expect(!won.isEmpty && records.count == before + won.count, "\(round): \(ended.map(\.err))")
      for other in ended where other.code != 0 {
        #expect(other.code == 1 && other.err.contains("while this promotion"), "\(other.err)")
      }
      #expect(try space.served("preprod") == records.last, "round \(round)")
    }
  }

  @Test func aTierTakesModelsOfTrustedKeysOnly() throws {
    let space = try ModelSpace()
    let model = String(space.first.prefix(10))
    try space.approve(model)
    let openssl = TestTools.path(of: "openssl") ?? "/usr/bin/openssl"
    for name in ["own", "other"] {
      for words in [
        ["genpkey", "-algorithm", "ed25519", "-out", "\(name).pem"],
        ["pkey", "-in", "\(name).pem", "-pubout", "-out", "\(name).pub"],
      ] {
        _ = try Space.start(openssl, words, environment: [:], folder: space.folder.path)
      }
    }
    let trust = ["Accounts.trusted_keys": space.folder("own.pub")]
    func promote(_ code: Int32, _ more: [String: String] = [:]) throws -> EndedProgram {
      try space.call(
        "promote", model, "--to", "preprod", settings: trust.merging(more) { $1 }, expecting: code)
    }
    #expect(try promote(1).err.contains("has none"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o644], ofItemAtPath: space.folder("other.pem"))
    let open = try space.call("attest", model, "--key", space.folder("other.pem"), expecting: 2)
    #expect(open.err.contains("chmod 600"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: space.folder("other.pem"))
    try space.call(
      "attest", model, "--key", space.folder("other.pem"), "-o", space.folder("a.json"))
    #expect(try promote(1).err.contains("no signature of the envelope is by a trusted key"))

    // A program signs: the key is in no file that Atelier reads.
    let command =
      "cat > \(space.folder("m")); \(openssl) pkeyutl -sign -rawin -inkey "
      + "\(space.folder("own.pem")) -in \(space.folder("m"))"
    let file = space.folder("b.json")
    try space.call("attest", model, "--key-command", command, "-o", file)
    #expect(try promote(1, ["Accounts.trusted_builder": "https://ci"]).err.contains("builder"))
    #expect(try promote(0).out.contains("promoted"))
    let full = "sha256:" + space.first
    func verify(_ words: String...) throws -> EndedProgram {
      try space.space.atelier(
        ["verify-attestation", file, "--key", space.folder("own.pub")] + words,
        expecting:
          words
          .contains("refused") ? 1 : 0)
    }
    #expect(try verify("--digest", full, "-w", "churn").out.hasPrefix("valid: \(full)"))
    let foreign = try space.space.atelier(
      ["verify-attestation", file, "--key", space.folder("other.pub")], expecting: 1)
    #expect(foreign.err.contains("refused"))
    let other = try space.space.atelier(
      [
        "verify-attestation", file, "--key", space.folder("own.pub"), "--digest",
        "sha256:" + space.second,
      ], expecting: 1)
    #expect(other.err.contains("is about"))
    let fails = try space.call("attest", model, "--key-command", "false", expecting: 2)
    #expect(fails.err.contains("--key-command"))

    // Keys stay where they were.
    let secret = try TestFiles.text(space.folder("other.pem")).split(separator: "\n")[1]
    for path in TestFiles.list(space.folder("store")) + TestFiles.list(space.folder("accounts"))
    where path.hasSuffix(".json") {
      for place in ["store", "accounts"] {
        let text = (try? TestFiles.text(space.folder("\(place)/\(path)"))) ?? ""
        #expect(!text.contains(secret), "\(path)")
      }
    }
  }

  @Test func theVersionsOfThePropensityWorkshopAreEntries() throws {
    let (space, _) = try Space.afterRun()
    let lines = try space.atelier(["model", "list", "--json"]).lines()
    let model = try #require(lines.first)
    #expect(lines.count == 1 && model["source"] == "propensity/week4.model.model")
    #expect(model["labels"]?["stage"] == "Production" && model["labels"]?["version"] != nil)
    #expect(model["figures"]?["week4.metrics.metrics"]?["auc"]?.number != nil)
    #expect(model["figures"]?["week4.model.version"]?["/metrics/auc"]?.number != nil)
    let digest = try #require(model["model"]?.string)
    let shown = try JSONValue(parsing: space.atelier(["model", "show", digest, "--json"]).out)
    let steps = shown["entry"]?["steps"]?.array?.compactMap { $0["name"]?.string } ?? []
    #expect(steps.first == "week4.model" && steps.contains("week4.trial.0"))
    #expect(steps.contains { $0.hasPrefix("week1.") }, "\(steps)")
  }

  /// A rejection counts in tiers, too: another machine, which never heard of it, does not promote the model.
  @Test func aRejectionReachesTheTiersThatHaveTheModel() throws {
    let space = try ModelSpace()
    try space.approve(space.first)
    try space.approve(space.second)
    for model in [space.first, space.second] {
      for tier in ["preprod", "prod"] { try space.call("promote", model, "--to", tier) }
    }
    let said = try space.call("model", "reject", space.second, "--reason", "leak")
    #expect(said.err.contains("prod still serves it"), "\(said.err)")
    try space.call("model", "reject", space.first, "--reason", "leak")
    let other = try ModelSpace()
    for tier in ["preprod", "prod"] {
      other.space.settings["Accounts.\(tier)"] = space.folder("accounts/\(tier)")
    }
    try other.approve(space.first)
    let refused = try other.call("promote", space.first, "--to", "prod", expecting: 1)
    #expect(refused.err.contains("was rejected"), "\(refused.err)")
    // Records are one log of one tier, each following the one before.
    let log = "accounts/prod/.atelier/models/tier-churn-prod"
    let (one, two) = (space.folder("\(log)/00000001.json"), space.folder("\(log)/00000002.json"))
    let bytes = try [one, two].map(TestFiles.read)
    try TestFiles.write(bytes[1], to: one)
    try TestFiles.write(bytes[0], to: two)
    let swapped = try space.call("model", "tiers", expecting: 6)
    #expect(swapped.err.contains("00000001.json: it does not follow"), "\(swapped.err)")
    try TestFiles.write(bytes[0], to: one)
    try TestFiles.write(bytes[1], to: two)
    // A name far behind the others is a gap, and costs no memory.
    try TestFiles.write([], to: space.folder("\(log)/99999999.json"))
    let gap = try space.call("model", "tiers", expecting: 6)
    #expect(gap.err.contains("00000003.json: it is missing"), "\(gap.err)")
    try FileManager.default.removeItem(atPath: space.folder("\(log)/99999999.json"))
    let keys = try space.call(
      "promote", space.first, "--to", "prod", settings: ["Accounts.trusted_keys": ","], expecting: 2
    )
    #expect(keys.err.contains("lists no file"), "\(keys.err)")
  }
}
