// How the program reads credentials and settings, and how often it asks for them (store faults 11, 13,
// 17, 19, 20; B of the issue: one call of credential_process per expiry).
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import S3
import Testing

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct CloudSettingFaultTests {
  private static let ofBucket: [JSONValue] = [
    ["name": "one.a", "script": "echo a > $out"], ["name": "two.out", "deliver": "one.a"],
  ]

  /// The environment of a project with a shared file in place of keys.
  private func environment(
    _ project: StrictProject, credentials: String = "", config: String = ""
  ) throws -> [String: String] {
    let folder = project.space.folder
    return [
      "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "",
      "AWS_SHARED_CREDENTIALS_FILE": try folder.write(credentials, to: "credentials"),
      "AWS_CONFIG_FILE": try folder.write(config, to: "config"),
    ]
  }

  @Test(
    "Store 11 and 20: files that botocore reads",
    arguments: [
      "[default]\r\naws_access_key_id = AK\r\naws_secret_access_key = s\r\n",
      "[default]\naws_access_key_id: AK\naws_secret_access_key: s\n",
      "[default]\raws_access_key_id=AK\raws_secret_access_key=s\raws_security_token=t\r",
    ])
  func otherLineEnds(_ text: String) throws {
    let project = try StrictProject("plain", SharedProject.chain)
    let run = try project.run("a", environment: environment(project, credentials: text))
    #expect(run.code == 0, "\(run.err)")
    #expect(run.notices.isEmpty, "\(run.notices)")
    #expect(try project.requests().contains { $0.hasPrefix("PUT ") })
  }

  /// A program that counts its calls.
  private func counting(_ project: StrictProject, _ more: String = "") throws -> [String: String] {
    let folder = project.space.folder
    let script = try folder.write(
      """
      echo call >> \(folder("calls"))
      \(more)
      echo '{"Version": 1, "AccessKeyId": "AK", "SecretAccessKey": "s", "SessionToken": "t",'
      echo '"Expiration": "2099-01-01T00:00:00Z"}'
      """, to: "give.sh")
    return try environment(project, config: "[default]\ncredential_process = sh \(script)\n")
  }

  private func calls(_ project: StrictProject) throws -> Int {
    try TestFiles.text(project.space.folder("calls")).split(separator: "\n").count
  }

  @Test("Store 19: credentials are fetched once a process") func onceAProcess() throws {
    let project = try StrictProject("plain", Self.ofBucket)
    try project.client().put(Array("text".utf8), key: "in.csv")
    try project.space.setGraph(
      Self.ofBucket + [
        ["name": "one.in", "source": .string("s3://\(project.bucket)/in.csv")],
        ["name": "one.b", "inputs": ["one.in"], "tools": ["cat"], "script": "cat $one_in > $out"],
      ])
    let run = try project.run("a", environment: counting(project))
    #expect(run.code == 0, "\(run.err)\(run.out)")
    #expect(try calls(project) == 1)
  }

  @Test("Store 19: watch asks once for all its looks") func onceAWatch() throws {
    let project = try StrictProject("plain", [])
    let watch = try project.start(
      "a",
      [
        "watch", "--interval", "0.02", "--set",
        "Fixture.input=s3://\(project.bucket)/arrivals",
      ], environment: counting(project))
    // A key whose folder has no name arrives, too.
    try project.client().put(Array("text".utf8), key: "arrivals/x//one.csv")
    let end = Date().addingTimeInterval(100)
    while !watch.hasSaid("done"), Date() < end { usleep(50_000) }
    while try project.requests().count < 30, Date() < end { usleep(50_000) }
    watch.signal(SIGINT)
    let ended = try watch.wait(seconds: 60)
    #expect(ended.code == 130, "\(ended.err)")
    #expect(
      ended.out.contains("done") && ended.out.contains("x//one.csv"), "\(ended.out)\(ended.err)")
    #expect(try calls(project) == 1)
  }

  @Test("Store 20: a program that leaves a child with its output open costs no time")
  func aChildLeftBehind() throws {
    let project = try StrictProject("plain", SharedProject.chain)
    let began = Date()
    let run = try project.run("a", environment: counting(project, "sleep 500 &"))
    #expect(run.code == 0, "\(run.err)")
    #expect(Date().timeIntervalSince(began) < 400)
  }

  @Test(
    "Store 20: credentials that cannot be had end a run by one code",
    arguments: ["", "[default]\ncredential_process = false\n", "[default]\nrole_arn = arn\n"])
  func noCredentials(_ config: String) throws {
    let project = try StrictProject("plain", SharedProject.chain)
    let run = try project.run(
      "a",
      environment: environment(project, config: config).merging([
        "AWS_EC2_METADATA_DISABLED": "true"
      ]) { $1 })
    #expect(run.code == 2, "\(run.err)")
  }

  @Test("Store 20: a bucket's name with a slash is refused in words") func aSlash() throws {
    let project = try StrictProject("plain", SharedProject.chain)
    let run = try project.run("a", "--set", "AWS.s3_bucket_name=a/b")
    #expect(run.code == 2)
    #expect(run.err.contains("'a/b' is not a bucket's name"), "\(run.err)")
    #expect(run.err.contains("s3_prefix"))
  }

  @Test("Store 20: another kind of endpoint is refused, not ignored") func otherEndpoints() throws {
    let project = try StrictProject("plain", SharedProject.chain)
    let run = try project.run(
      "a",
      environment: [
        "AWS_ENDPOINT_URL": "", "AWS_REGION": "us-east-1", "AWS_USE_FIPS_ENDPOINT": "true",
      ])
    #expect(run.code == 2)
    #expect(run.err.contains("AWS_USE_FIPS_ENDPOINT") && run.err.contains("AWS_ENDPOINT_URL_S3"))
  }

  @Test("Store 20: Ctrl-C ends the leases of a run") func leasesEnd() throws {
    let project = try StrictProject(
      "plain",
      [["name": "one.a", "tools": ["sleep"], "script": "sleep 1000; echo a > $out"]])
    let run = try project.start("a", ["run", "--json"])
    // A step begins when the bucket has answered that the lease is its own.
    try ProcessTable.wait(for: "sleep", in: project.space.folder.path)
    let lease = "team/project/.atelier/leases/"
    #expect(try project.requests().contains { $0.hasPrefix("PUT " + lease) })
    run.signal(SIGINT)
    #expect(try run.wait(seconds: 60).code == 130)
    var listing = try project.client().list(prefix: lease)
    #expect(try listing.all().isEmpty)
  }

  @Test("Store 13: what a HEAD cannot say a GET does", arguments: ["region", "nolist", "name"])
  func causes(_ kind: String) throws {
    let project = try StrictProject(kind, [])
    try project.space.setGraph([
      ["name": "one.in", "source": .string("s3://\(project.bucket)/in.csv")],
      ["name": "one.b", "inputs": ["one.in"], "tools": ["cat"], "script": "cat $one_in > $out"],
    ])
    let run = try project.run("a", "--set", "Atelier.store=local")
    let expected = [
      "region": "AWS_REGION=eu-west-3", "nolist": "s3:ListBucket",
      "name": "The specified bucket is not valid",
    ]
    #expect(run.code != 0)
    #expect((run.err + run.out).contains(expected[kind] ?? ""), "\(run.err)\(run.out)")
  }

  @Test("Store 13: a missing bucket is named as such") func aMissingBucket() throws {
    let server = try BucketServer.common.get()
    let space = try FixtureSpace([
      ["name": "one.in", "source": "s3://no-such-bucket-here/in.csv"],
      ["name": "one.b", "inputs": ["one.in"], "tools": ["cat"], "script": "cat $one_in > $out"],
    ])
    let run = try space.run(
      environment: BucketServer.keys.merging(
        ["AWS_ENDPOINT_URL": server.url, "NO_PROXY": "127.0.0.1"]) { $1 })
    #expect(run.code != 0)
    #expect((run.out + run.err).contains("NoSuchBucket"), "\(run.out)\(run.err)")
  }

  @Test("Store 17: a listing that may be cut is refused") func anOddListing() throws {
    let project = try StrictProject("true", [])
    for name in ["a", "b", "c"] {
      try project.client().put(Array(name.utf8), key: "arrivals/\(name).csv")
    }
    try project.set(["page": 2])
    let watch = try project.start(
      "a", ["watch", "--once", "--set", "Fixture.input=s3://\(project.bucket)/arrivals"]
    ).wait(seconds: 100)
    #expect(watch.code == 5, "\(watch.out)\(watch.err)")
    #expect(watch.err.contains("IsTruncated is 'True'"), "\(watch.err)")
  }
}
