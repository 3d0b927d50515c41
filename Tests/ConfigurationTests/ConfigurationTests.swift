// Layers, origins, types and checks of names.
import Testing

@testable import Configuration

@Suite struct ConfigurationTests {
  static let text = """
    [DEFAULT]
    root = /data
    [Cloud]
    export_path = %(root)s/egress
    users = 100_000
    ratio = 0.5
    gzip = Yes
    [AWS]
    s3_prefix = a
    """
  static let known = [
    KnownKey("Cloud", "export_path"), KnownKey("Cloud", "users", default: "10"),
    KnownKey("Cloud", "ratio"), KnownKey("Cloud", "gzip"), KnownKey("Cloud", "root"),
    KnownKey("AWS", "s3_prefix"), KnownKey("AWS", "root"),
    KnownKey("AWS", "region", default: "us-east-1"), KnownKey("Platform", "dataset_id"),
  ]

  static func make(
    _ text: String = Self.text, set overrides: [String: String] = [:],
    environment: [String: String] = [:]
  ) throws -> Configuration {
    try Configuration(
      document: IniDocument(text: text, file: "c.ini"), overrides: overrides,
      environment: environment)
  }

  @Test func strongerLayersWin() throws {
    let layers = ["ATELIER_CLOUD_USERS": "2", "PATH": "/bin"]
    #expect(try Self.make().integer("Cloud", "users") == 100_000)
    #expect(try Self.make(environment: layers).integer("Cloud", "users") == 2)
    let all = try Self.make(set: ["Cloud.Users": "3"], environment: layers)
    #expect(try all.integer("Cloud", "users", default: 4) == 3)
    #expect(try Self.make().integer("Cloud", "batches", default: 4) == 4)
    let none = try Configuration(document: nil, overrides: [:], environment: layers)
    #expect(try none.integer("Cloud", "users", default: 4) == 2)
    #expect(try none.string("Cloud", "root", default: "x") == "x")
  }

  @Test func tellsOrigins() throws {
    let configuration = try Self.make(
      set: ["AWS.region": "eu"], environment: ["ATELIER_CLOUD_USERS": "2"])
    #expect(try configuration.origin("AWS", "Region") == .flag)
    #expect(
      try configuration.origin("Cloud", "users") == .environment(name: "ATELIER_CLOUD_USERS"))
    #expect(try configuration.origin("Cloud", "ratio") == .file(path: "c.ini", line: 6))
    #expect(try configuration.origin("AWS", "root") == .file(path: "c.ini", line: 2))
    #expect(try configuration.origin("Platform", "root") == .defaultValue)
  }

  @Test func aDocumentIsBetweenEnvironmentAndFile() throws {
    var layer = SettingsLayer(file: "app.json")
    layer.set("Cloud", "Users", "7", from: "Stack.A.Users")
    layer.set("Cloud", "root", "50%", from: "Root")
    layer.set("Cloud", "ratio", nil, from: "Ratio")
    layer.note("of no weight")
    let configuration = try Self.make().with(layer)
    #expect(try configuration.integer("Cloud", "users") == 7)
    #expect(
      try configuration.origin("Cloud", "users")
        == .document(file: "app.json", member: "Stack.A.Users"))
    #expect("\(try configuration.origin("Cloud", "users"))" == "app.json: Stack.A.Users")
    // Its values are literal, also where the file refers to them.
    #expect(try configuration.string("Cloud", "export_path") == "50%/egress")
    #expect(try configuration.origin("Cloud", "ratio") == .file(path: "c.ini", line: 6))
    let stronger = try Self.make(environment: ["ATELIER_CLOUD_USERS": "2"]).with(layer)
    #expect(try stronger.integer("Cloud", "users") == 2)
    #expect(try configuration.with(nil).integer("Cloud", "users") == 100_000)
    #expect(!"\(layer)".contains("50%") && layer.notes == ["of no weight"])
  }

  @Test func referencesSeeOverridesLiterally() throws {
    #expect(try Self.make().string("Cloud", "export_path") == "/data/egress")
    let own = try Self.make(set: ["Cloud.root": "50%"])
    #expect(try own.string("Cloud", "export_path") == "50%/egress")
    #expect(try own.string("AWS", "root") == "/data")
    let everywhere = try Self.make(environment: ["ATELIER_DEFAULT_ROOT": "%(x)s"])
    #expect(try everywhere.string("Cloud", "export_path") == "%(x)s/egress")
    #expect(try everywhere.string("AWS", "root") == "%(x)s")
  }

  @Test func convertsOrSaysWhatWasExpected() throws {
    let configuration = try Self.make(environment: ["ATELIER_AWS_JOBS": "many"])
    #expect(try configuration.double("Cloud", "ratio") == 0.5)
    #expect(try configuration.boolean("Cloud", "gzip"))
    #expect(try configuration.integer("Cloud", "users", in: 1...100_000) == 100_000)
    let messages: [(String, () throws -> Any)] = [
      (
        "c.ini:5: Cloud.users: expected a whole number from 1 to 9, found '100_000'",
        { try configuration.integer("Cloud", "users", in: 1...9) }
      ),
      (
        "environment variable ATELIER_AWS_JOBS: AWS.jobs: expected a number, found 'many'",
        { try configuration.double("AWS", "jobs") }
      ),
      (
        "c.ini:6: Cloud.ratio: expected 1, yes, true, on, 0, no, false or off, found '0.5'",
        { try configuration.boolean("Cloud", "ratio", default: true) }
      ),
      (
        "AWS.region is not set; set it under [AWS] in c.ini, with --set AWS.region=... or with "
          + "ATELIER_AWS_REGION", { try configuration.string("AWS", "region") }
      ),
    ]
    for (message, read) in messages {
      let error = #expect(throws: ConfigurationError.self) { try read() }
      #expect(error?.description == message)
    }
  }

  @Test func listsAllValuesWithOrigins() throws {
    let configuration = try Self.make(
      set: ["AWS.s3_prefix": "b", "Zoo.x": "1"], environment: ["ATELIER_PLATFORM_DATASET_ID": "7"])
    let lines = configuration.entries(known: Self.known).map {
      "\($0.section).\($0.key) = \($0.shown) (\($0.origin))"
    }
    #expect(
      lines == [
        "Cloud.export_path = /data/egress (c.ini:4)", "Cloud.users = 100_000 (c.ini:5)",
        "Cloud.ratio = 0.5 (c.ini:6)", "Cloud.gzip = Yes (c.ini:7)", "Cloud.root = /data (c.ini:2)",
        "AWS.s3_prefix = b (--set)", "AWS.root = /data (c.ini:2)",
        "AWS.region = us-east-1 (default)",
        "Platform.dataset_id = 7 (environment variable ATELIER_PLATFORM_DATASET_ID)",
        "Zoo.x = 1 (--set)",
      ])
  }

  @Test func oneBrokenValueHidesNoOther() throws {
    let entries = try Self.make("[A]\ntoken = 5%\nx = 9%d\ny = 1\n").entries()
    #expect(entries.map(\.shown) == ["<secret>", "9%d", "1"])
    #expect(entries[0].reveal() == "5%")
    #expect(
      entries.map(\.problem) == [
        .interpolationSyntax(file: "c.ini", line: 2, section: "A", option: "token", found: ""),
        .interpolationSyntax(file: "c.ini", line: 3, section: "A", option: "x", found: "%d"), nil,
      ])
  }

  @Test func refusesBadOverrides() {
    #expect(throws: ConfigurationError.malformedOverride(name: "users")) {
      try Self.make(set: ["users": "1"])
    }
    #expect(throws: ConfigurationError.ambiguousOverride(section: "Cloud", key: "users")) {
      try Self.make(set: ["Cloud.users": "1", "Cloud.Users": "2"])
    }
  }

  @Test func acceptsWhatIsKnownOrOfOthers() throws {
    try Self.make(
      Self.text + "\n[DataRobot]\nuser = x\n[GCP]\n[CloudWatch]\n",
      set: ["Cloud.USERS": "1", "DEFAULT.root": "x"],
      environment: [
        "ATELIER_CONFIG": "x", "ATELIER_AWS_REGION": "x", "ATELIER_DEFAULT_ROOT": "x",
        "ATELIER_HOME_DIR": "x", "AWS_REGIN": "x",
      ]
    ).validate(known: Self.known)
  }

  @Test(
    arguments: [
      ("", ["Cloud.user": "1"], [:], "--set Cloud.user: no such key; did you mean Cloud.users?"),
      (
        "", ["cloud.users": "1"], [:], "--set cloud.users: no such key; did you mean Cloud.users?"
      ),
      (
        "", [:], ["ATELIER_AWS_REGIN": "x"],
        "environment variable ATELIER_AWS_REGIN names no key; did you mean ATELIER_AWS_REGION?"
      ),
      (
        "", [:], ["ATELIER_COULD_USERS": "x"],
        "environment variable ATELIER_COULD_USERS names no key; did you mean ATELIER_CLOUD_USERS?"
      ),
      ("\n[cloud]", [:], [:], "c.ini:10: unknown section [cloud]; did you mean [Cloud]?"),
      ("\n[Platfrom]", [:], [:], "c.ini:10: unknown section [Platfrom]; did you mean [Platform]?"),
      ("\nregoin = x", [:], [:], "c.ini:10: unknown key AWS.regoin; did you mean 'region'?"),
      (
        "\n[AW]", ["Cloud.user": "1"], [:],
        "--set Cloud.user: no such key; did you mean Cloud.users?\n"
          + "c.ini:10: unknown section [AW]; did you mean [AWS]?"
      ),
    ] as [(String, [String: String], [String: String], String)])
  func pointsAtMisspelledNames(
    more: String, overrides: [String: String], environment: [String: String], message: String
  ) throws {
    let configuration = try Self.make(Self.text + more, set: overrides, environment: environment)
    let error = #expect(throws: ConfigurationError.self) {
      try configuration.validate(known: Self.known)
    }
    #expect(error?.description == message)
  }
}
