// Where attestations are written, what a tier has lost, and names that hide something: by the built program.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct ModelOutputTests {
  private func key(_ space: ModelSpace) throws -> String {
    let openssl = TestTools.path(of: "openssl") ?? "/usr/bin/openssl"
    _ = try Space.start(
      openssl, ["genpkey", "-algorithm", "ed25519", "-out", "own.pem"], environment: [:],
      folder: space.folder.path)
    let path = space.folder("own.pem")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    return path
  }

  @Test func aRefusedFileLeavesNoRecordAndAPipeIsNotWaitedForForEver() throws {
    let space = try ModelSpace()
    let key = try key(space)
    let pipe = space.folder("pipe")
    try #require(mkfifo(pipe, 0o644) == 0)
    for (file, part) in [
      (pipe, "nothing reads from it"), (space.folder("none/x.json"), "none/x.json"),
      (space.folder.path, "cannot write"),
    ] {
      let refused = try space.call(
        "attest", space.first, "--key", key, "-o", file, expecting: 5)
      #expect(refused.err.contains(part), "\(refused.err)")
      let shown = try space.show(space.first)
      #expect(shown["attestations"] == 0 && shown["history"] == [], "\(file)")
    }
    var status = stat()
    #expect(lstat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    // Somebody reads.
    let reader = try RunningProgram("/bin/cat", [pipe], environment: [:], captures: space.folder)
    try space.call("attest", space.first, "--key", key, "-o", pipe)
    let read = try reader.wait().out
    #expect(try JSONValue(parsing: read)["payloadType"] == "application/vnd.in-toto+json")
    for name in ["-", "/dev/stdout"] {
      let printed = try space.call("attest", space.first, "--key", key, "-o", name)
      #expect(try JSONValue(parsing: printed.out)["payload"] != nil && printed.err.isEmpty)
    }
    #expect(try space.show(space.first)["attestations"] == 3)
  }

  @Test func aTierIsRepairedByTheNextPromotionAndToldToLackAModelUntilThen() throws {
    let space = try ModelSpace()
    try space.approve(space.first)
    try space.call("promote", space.first, "--to", "preprod")
    func tier() throws -> String? {
      try space.call("model", "tiers", "--json").lines().first { $0["tier"] == "preprod" }?[
        "state"]?
        .string
    }
    #expect(try tier() == "stored")
    let model = space.first
    let blob = space.folder("accounts/preprod/.atelier/cas/sha256/\(model.prefix(2))/\(model)")
    let served = space.folder("accounts/preprod/.atelier/endpoints/models/\(model)")
    let document = space.folder("accounts/preprod/.atelier/endpoints/churn-preprod.json")
    let whole = try TestFiles.read(blob)
    var flipped = whole
    flipped[whole.count / 2] ^= 1
    for path in [blob, served] {
      for (bytes, said) in [
        (nil, "missing"), (Array(whole.dropLast(7)), "missing"), (flipped, "stored"),
      ] as [([UInt8]?, String)] {
        try FileManager.default.removeItem(atPath: path)
        if let bytes { try TestFiles.write(bytes, to: path) }
        if path == blob { #expect(try tier() == said) }
        let again = try space.call("promote", space.first, "--to", "preprod")
        #expect(again.out.contains("is there already"), "\(again.out)")
        #expect(try TestFiles.read(path) == whole, "\(path) \(said)")
      }
    }
    #expect(try space.promoted("preprod") == [space.first])
    try FileManager.default.removeItem(atPath: document)
    #expect(try tier() == "unserved")
    let table = try space.call("model", "tiers").out
    #expect(table.contains("recorded, but not served"), "\(table)")
    let promoted = try space.call("promote", space.first, "--to", "preprod")
    #expect(
      promoted.err.contains("atelier serve churn --endpoint churn-preprod --as-is"),
      "\(promoted.err)")
    #expect(try tier() == "stored")
  }

  @Test func namesAndReasonsThatHideSomethingAreRefused() throws {
    let space = try ModelSpace()
    for name in ["ada\u{1B}[2J", "ada\u{202E}nimda", "ada\u{200B}"] {
      let refused = try space.call(
        "model", "approve", space.first, "--reason", "x", settings: ["Accounts.user": name],
        expecting: 2)
      #expect(refused.err.contains("[Accounts] user"), "\(refused.err)")
    }
    for reason in ["good\u{1B}]0;x\u{7}", "good\u{202E}dab", "one\ntwo"] {
      let refused = try space.call(
        "model", "approve", space.first, "--reason", reason, expecting: 2)
      #expect(refused.err.contains("--reason takes one line"), "\(refused.err)")
    }
    #expect(try space.show(space.first)["history"] == [])
  }
}
