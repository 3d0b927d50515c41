// Features and scores by data flows through a bucket: the same results as without.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import PlatformHarness
import Testing

@Suite(
  .programs, .enabled(if: PlatformSandbox.isInstalled, Comment(rawValue: PlatformSandbox.absence)))
struct LiveFlowTests {
  private static let bucket = "flows"
  private static let stack = "flow-user"

  /// A platform whose flows read and write moto's bucket; made once, as each test has a space of its own.
  private static let made = Result {
    let server = try BucketServer.common.get()
    let made = try Space.start(
      StandIns.python,
      [TestTools.root + "/Tests/Platform/flow_user.py", server.url, bucket, stack],
      environment: Space.tools, folder: NSTemporaryDirectory())
    guard made.code == 0 else { throw ProgramError(made.err) }
    let sandbox = try PlatformSandbox(variables: ["PLATFORM_S3": server.url])
    return (sandbox, server.url, made.out.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  @Test func flowsGiveWhatTheApisGive() throws {
    let (sandbox, url, secret) = try Self.made.get()
    let live = try LiveSpace(on: sandbox)
    live.space.environment.merge(BucketServer.keys) { $1 }
    live.space.environment["AWS_ENDPOINT_URL"] = url
    live.space.settings.merge([
      "Platform.transfer": "flow", "Platform.scores": "flow",
      "AWS.region": "us-east-1", "AWS.s3_bucket_name": Self.bucket, "AWS.s3_prefix": "cmle",
      "AWS.cfn_stack_id": Self.stack,
    ]) { $1 }
    // Two parts, a folder of twelve digits, another exporter beside, and not ready at first.
    try live.platform.turn(["export_parts": 2, "export_digits": 12, "second_exporter": true])
    let there = try live.space.run()
    let here = try live.local()
    for output in comparedOutputs {
      #expect(there.digest(output) == here.digest(output), "\(output)")
    }
    #expect(there.built.contains("week5.evaluation"))
    #expect(try live.platform.violations() == [])
    #expect(try live.platform.count("POST /data/core/activation") == 2)
    let found = try Space.start(
      "/usr/bin/grep", ["-rlF", secret, live.space.store, live.space.project], environment: [:],
      folder: live.space.root)
    #expect(found.code == 1, "\(found.out)")
    // A second run of all that follows from the flows sends nothing.
    let before = try live.platform.calls().count
    #expect(try live.space.run(["week4"]).built == [])
    #expect(try live.platform.calls().count == before)
  }

  @Test func withoutAStackItSaysWhoseKeysAreMissing() throws {
    let live = try LiveSpace()
    let ended = try live.space.atelier(
      ["run", "week2"], ["Platform.transfer": "flow", "AWS.region": "us-east-1"], expecting: 1)
    #expect(ended.out.contains("[AWS] cfn_stack_id is empty"), "\(ended.out)")
    #expect(ended.out.contains("transfer = access"), "\(ended.out)")
  }
}
