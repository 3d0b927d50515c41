// A canary in every place that a secret can come from: it is found in nothing that is written, said,
// sent or handed to a step.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

/// Refuses all requests and repeats what it was sent.
private let echo = Result { try BucketServer(script: "Tests/Harness/hostile_bucket.py") }

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct CanaryTests {
  /// How the program gets its credentials.
  enum Source { case variables, profile, process }
  /// What answers its requests.
  enum Endpoint { case sound, refusing, absent }

  private let canary = "hush-\(UUID().uuidString.lowercased())"
  private let project: SharedProject

  init() throws {
    project = try SharedProject([
      [
        "name": "one.a", "tools": ["cat", "sleep", "env"],
        "script":
          "echo a > $out; env >> $out; cat /proc/*/environ /proc/*/cmdline >> $out 2>/dev/null; sleep 1.5; env >&2",
      ],
      ["name": "one.fails", "script": "echo no luck >&2; exit 3"],
      ["name": "two.out", "deliver": "one.a", "dataset": "canaries"],
    ])
    try project.space.folder.write(
      """
      [Atelier]
      store = s3
      [AWS]
      s3_bucket_name = \(project.bucket)
      s3_prefix = team/project
      [Authentication]
      client_secret = \(canary)-ini
      API_TOKEN = \(canary)-token
      url = https://user:\(canary)-url@host.example/x

      """, to: "Workshops/Fixture/config.ini")
  }

  /// Everything that a user's surroundings may hold.
  private func surroundings(_ source: Source, _ url: String) throws -> [String: String] {
    let folder = project.space.folder
    var variables = [
      "AWS_ENDPOINT_URL": url, "NO_PROXY": "127.0.0.1,localhost",
      "HTTPS_PROXY": "http://user:\(canary)-proxy@127.0.0.1:9",
      "https_proxy": "http://user:\(canary)-proxy@127.0.0.1:9",
      "MY_API_TOKEN": canary + "-variable", "DATABASE_PASSWORD": canary + "-password",
      "GITHUB_TOKEN": canary + "-github",
      "AWS_CONFIG_FILE": folder("aws-config"), "AWS_SHARED_CREDENTIALS_FILE": folder("aws-keys"),
    ]
    switch source {
    case .variables:
      variables["AWS_ACCESS_KEY_ID"] = "AKIDTEST"
      variables["AWS_SECRET_ACCESS_KEY"] = canary + "-key"
      variables["AWS_SESSION_TOKEN"] = canary + "-session"
    case .profile:
      try folder.write(
        """
        [default]
        aws_access_key_id = AKIDTEST
        aws_secret_access_key = \(canary)-key
        aws_session_token = \(canary)-session

        """, to: "aws-keys")
    case .process:
      let answer = try folder.write(
        """
        {"Version":1,"AccessKeyId":"AKIDTEST","SecretAccessKey":"\(canary)-key",
        "SessionToken":"\(canary)-session"}
        """, to: "answer.json")
      try folder.write("[default]\ncredential_process = cat \(answer)\n", to: "aws-config")
    }
    return variables
  }

  @Test(arguments: [
    (Source.variables, Endpoint.sound), (.variables, .refusing), (.variables, .absent),
    (.profile, .refusing), (.process, .sound),
  ])
  func itIsNowhere(_ source: Source, _ endpoint: Endpoint) throws {
    let url =
      switch endpoint {
      case .sound: project.server.url
      case .refusing: try echo.get().url + "/echo"
      case .absent: "http://127.0.0.1:\(try LoopbackPort.free())"
      }
    let variables = try surroundings(source, url)
    let words = ["--set", "Atelier.root=\(project.store("a"))"]
    func start(_ verb: [String]) throws -> RunningProgram {
      try project.space.start(verb + words, environment: variables)
    }

    let running = try start(["run", "--json", "--keep-going"])
    try ProcessTable.wait(for: "sleep", in: project.space.folder.path)
    for entry in ProcessTable.mentioning(project.space.folder.path) where entry.pid != running.pid {
      let surroundings = ProcessTable.environment(of: entry.pid)
      #expect(!(entry.arguments + surroundings).contains(canary), "\(entry.name): \(surroundings)")
    }
    let first = try running.wait()
    #expect(first.code == 1 && first.statuses["one.a"] == "built", "\(first.err)\(first.out)")
    var said = first.out + first.err
    for verb in [
      ["run", "--verbose", "--keep-going", "--require-remote"], ["status"], ["status", "--json"],
      ["explain", "one.fails"], ["why", "one.a"], ["log", "one.a"], ["graph", "--format", "json"],
      ["report", "-o", "-"], ["config", "--show-origin"], ["config", "--json"],
      ["config", "get", "Authentication.client_secret"],
      ["config", "get", "Authentication.url"],
      ["show", "one.a", "--format", "path"], ["list", "runs"], ["verify", "one.a"],
    ] {
      let ended = try start(verb).wait()
      #expect(ended.signal == 0, "\(verb): \(ended.err)")
      said += ended.out + ended.err
    }
    #expect(said.contains("client_secret") || said.contains("<secret>"))
    #expect(!said.contains(canary), "\(Self.surrounding(canary, in: said))")
    if endpoint == .refusing { #expect(said.contains("SignatureDoesNotMatch"), "\(first.out)") }
    try expectClean(project.store("a"))
    if endpoint == .sound {
      for key in try project.keys("") {
        let bytes = try project.client.get(key).bytes
        #expect(Data(bytes).range(of: Data(canary.utf8)) == nil, "\(key)")
      }
    }
  }

  /// No file below a folder holds the canary, nor does a name.
  private func expectClean(_ folder: String) throws {
    let files = TestFiles.list(folder)
    #expect(files.count > 3)
    for file in files {
      #expect(!file.contains(canary))
      let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))
      #expect(data.range(of: Data(canary.utf8)) == nil, "\(file)")
    }
  }

  private static func surrounding(_ word: String, in text: String) -> String {
    guard let found = text.range(of: word) else { return "" }
    return String(text[..<found.lowerBound].suffix(200) + text[found.lowerBound...].prefix(200))
  }

  /// A URL with a user in it is no endpoint, and the refusal does not repeat it.
  @Test func anEndpointWithAPassword() throws {
    let url = "http://user:\(canary)@127.0.0.1:9"
    for (words, variables) in [
      (["--set", "AWS.endpoint_url=\(url)"], [:]), ([], ["AWS_ENDPOINT_URL": url]),
    ] {
      for verb in [["run"], ["config", "--show-origin"], ["status"]] {
        let ended = try project.space.start(
          verb + words, environment: BucketServer.keys.merging(variables) { $1 }
        ).wait()
        #expect(!(ended.out + ended.err).contains(canary), "\(verb): \(ended.out)\(ended.err)")
        if verb == ["run"] {
          #expect(ended.code == 2 && ended.err.contains("is no URL such as"), "\(ended.err)")
        }
      }
    }
  }
}
