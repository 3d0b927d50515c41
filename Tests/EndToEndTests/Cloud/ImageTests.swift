// The image of this project: built twice, unpacked, and run as a user without rights.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct ImageTests {
  private static func build(
    _ folder: String, starter: [String] = [], _ variables: [String: String] = [:],
    project: String = TestTools.root
  ) throws -> EndedProgram {
    let words =
      starter + [
        try Space.program(), "image", "build", "-o", folder, "--compression", "none", "--project",
        project,
      ]
    let ended = try Space.start(
      words[0], Array(words.dropFirst()),
      environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"].merging(variables) { $1 },
      folder: NSTemporaryDirectory())
    guard ended.code == 0 else { throw ProgramError(ended.err) }
    return ended
  }

  /// A run of this checkout's program and tools outside of any image.
  private func local(
    _ words: [String], store: String, _ variables: [String: String] = [:]
  ) throws -> EndedProgram {
    let words = words + ["--project", TestTools.root, "--set", "Atelier.root=\(store)"]
    let ended = try Space.start(
      try Space.program(), words,
      environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"].merging(variables) { $1 },
      folder: NSTemporaryDirectory())
    guard ended.code == 0 else { throw ProgramError("\(ended.err)\n\(ended.out)") }
    return ended
  }

  private static let small = [
    "--set", "Retail.rows=600", "--set", "Retail.rmse_threshold=1000000",
  ]

  /// The outputs of all steps of a run.
  private func outputs(_ ended: EndedProgram) -> [String: JSONValue] {
    ended.events.filter { $0["event"] == "step" }.reduce(into: [:]) { all, event in
      if let name = event["step"]?.string { all[name] = event["outputs"] }
    }
  }

  /// One image for all that runs in it: building and unpacking take most of the time.
  @Test(.enabled(if: UnpackedImage.isPossible, "\(UnpackedImage.absence)"))
  func anImageRunsServesAndDoesJobs() throws {
    let image: UnpackedImage
    do {
      let folder = try TemporaryFolder()
      _ = try Self.build(folder("image"))
      image = try UnpackedImage(layout: folder("image"))
    }
    try checkRun(image)
    // A container has an empty disk.
    try FileManager.default.removeItem(atPath: image.scratch + "/atelier")
    try checkServing(image)
    if BucketServer.isInstalled { try checkJobs(image) }
    // Nothing else was written.
    let find = try Space.start(
      "/usr/bin/find", [image.root, "-user", "65534", "-not", "-path", image.scratch + "*"],
      environment: [:], folder: image.folder.path)
    #expect(find.out.isEmpty && find.code == 0, "\(find.out)\(find.err)")
  }

  /// A run in the image gives the same bytes under the same keys.
  private func checkRun(_ image: UnpackedImage) throws {
    let store = try TemporaryFolder()
    #expect(try image.atelier(["--version"]).out.hasPrefix("atelier "))
    let words = ["run", "retail/inference", "--json"] + Self.small
    let outside = try local(words, store: store("store"))
    let inside = try image.atelier(words)
    #expect(outputs(outside).count > 10)
    #expect(outputs(inside) == outputs(outside))
    // Whatever was made outside is known inside, and so are the pictures.
    let pictures = ["run", "retail", "--json"] + Self.small
    _ = try local(pictures, store: store("store"))
    try image.copy(store("store"), to: "other")
    let known = try image.atelier(
      pictures, ["ATELIER_ATELIER_ROOT": "/opt/ml/other"])
    let built = known.statuses.filter { $0.value == "built" }.keys.sorted()
    #expect(built == [])
  }

  /// The jobs of a compiled machine run in it, over a bucket.
  private func checkJobs(_ image: UnpackedImage) throws {
    let server = try BucketServer.common.get()
    let bucket = try server.makeBucket()
    let variables = [
      "AWS_ACCESS_KEY_ID": "AKIDTEST", "AWS_SECRET_ACCESS_KEY": "secret",
      "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": server.url, "NO_PROXY": "127.0.0.1",
    ]
    let folder = try TemporaryFolder()
    let place = ["--set", "AWS.s3_bucket_name=\(bucket)", "--set", "AWS.s3_prefix=jobs"]
    _ = try local(
      ["compile", "stepfunctions", "retail/inference", "--output", folder("compiled")] + place
        + Self.small, store: folder("store"))
    try upload(folder("compiled/store"), to: bucket, below: "jobs", variables)
    let machine = try JSONValue(parsing: TestFiles.read(folder("compiled/machine.json")))
    func words(_ state: String) throws -> [String] {
      let arguments = machine["States"]?[state]?["Parameters"]?["AppSpecification"]?[
        "ContainerArguments"]?.array
      return try #require(arguments).compactMap(\.string)
    }
    // What SageMaker makes before a job, and where the outputs of one are.
    try FileManager.default.createDirectory(
      atPath: image.scratch + "/processing/decisions", withIntermediateDirectories: true)
    chown(image.scratch + "/processing/decisions", 65534, 65534)
    for stage in ["prepare", "train", "validate", "inference-then"] {
      try image.atelier(words(stage), variables)
    }
    let decision = try JSONValue(
      parsing: TestFiles.read(image.scratch + "/processing/decisions/validate.choice.json"))
    #expect(decision["choice"] == true)
    // The same jobs by the contract of a training, which names the request in its hyperparameters.
    try FileManager.default.createDirectory(
      atPath: image.scratch + "/input/config", withIntermediateDirectories: true)
    let request = JSONValue.object(["request": .string(try #require(words("train").last))])
    try TestFiles.write(
      request.canonicalBytes(), to: image.scratch + "/input/config/hyperparameters.json")
    try image.atelier(["train"], variables)
    // A run outside finds all of it.
    let known = try local(
      ["run", "retail/inference", "--json", "--set", "Atelier.store=s3"] + place + Self.small,
      store: folder("other"), variables)
    #expect(known.statuses.values.allSatisfy { $0 != "built" }, "\(known.statuses)")
    let own = try local(
      ["run", "retail/inference", "--json"] + Self.small, store: folder("third"))
    #expect(outputs(known) == outputs(own) && outputs(own).count > 10)
  }

  /// Copies the files of a folder into a bucket, as a client of AWS does it.
  private func upload(
    _ folder: String, to bucket: String, below prefix: String, _ variables: [String: String]
  ) throws {
    let script = """
      import boto3, os, sys
      folder, bucket, prefix, url = sys.argv[1:]
      s3 = boto3.client("s3", endpoint_url=url)
      for parent, _, names in os.walk(folder):
          for name in names:
              path = os.path.join(parent, name)
              s3.upload_file(path, bucket, prefix + "/" + os.path.relpath(path, folder))
      """
    let ended = try Space.start(
      StandIns.python, ["-c", script, folder, bucket, prefix, variables["AWS_ENDPOINT_URL"] ?? ""],
      environment: variables.merging(["AWS_DEFAULT_REGION": "us-east-1"]) { $1 }, folder: folder)
    guard ended.code == 0 else { throw ProgramError(ended.err) }
  }

  /// The word `serve` serves the model in the image's folder.
  private func checkServing(_ image: UnpackedImage) throws {
    let store = try TemporaryFolder()
    let run = try local(["run", "retail/train", "--json"] + Self.small, store: store("store"))
    #expect(run.code == 0)
    let path = try local(
      ["show", "retail/train.model.model", "--format", "path"] + Self.small, store: store("store")
    ).out.trimmingCharacters(in: .whitespacesAndNewlines)
    try FileManager.default.createDirectory(
      atPath: image.scratch + "/model", withIntermediateDirectories: true)
    try image.copy(path, to: "model/model.ubj")
    let port = try LoopbackPort.free()
    let server = try RunningProgram(
      image.command(["serve"], ["SAGEMAKER_BIND_TO_PORT": "\(port)"]),
      environment: ["PATH": "/usr/bin:/bin:/usr/sbin"], folder: image.folder.path,
      captures: store.path)
    defer { server.forget() }
    for _ in 0..<400 {
      if LoopbackPort.answers(port) { break }
      usleep(50_000)
    }
    let ping = try Space.start(
      "/usr/bin/curl",
      [
        "-s", "-S", "-o", "/dev/null", "-w", "%{http_code}", "--retry", "20", "--retry-connrefused",
        "--retry-delay", "1",
        "http://127.0.0.1:\(port)/ping",
      ], environment: ["NO_PROXY": "127.0.0.1"], folder: image.folder.path)
    let said = try server.said()
    #expect(ping.out.hasSuffix("200"), "\(ping.code) \(ping.out) \(ping.err) \(said)")
  }

  @Test func twoBuildsAreOneImageWithoutSecretsAndSources() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "project/Package.swift")
    let secret = "the-secret-of-a-user"
    try folder.write(
      """
      # client_secret = \(secret)-old
      [Authentication]
      client_id = shown
      client_secret = \(secret)
      [Platform]
      proxy = https://me:\(secret)@proxy.example.com/
      """, to: "project/Workshops/Propensity/config.ini")
    try folder.write("let x = \"\(secret)\"", to: "project/Workshops/Propensity/Wiring.swift")
    try folder.write(secret, to: "project/Workshops/Propensity/Data/users.csv")
    try folder.write(secret, to: "project/Workshops/Propensity/.env")
    // What editors leave beside the file that counts.
    for name in ["config.ini~", "config.ini.bak", "config.ini.old.1", "#config.ini#", "a.orig"] {
      try folder.write(secret, to: "project/Workshops/Propensity/\(name)")
    }
    try folder.write("[Platform]\npassword = \(secret)\n", to: "project/Workshops/Propensity/B.INI")
    try folder.write("select 1", to: "project/Workshops/Propensity/Scripts/a.sql")
    // Without the large programs of the checkout.
    let ended = try Self.build(folder("image"), project: folder("project"))
    #expect(ended.err.contains("Authentication.client_secret"))
    #expect(ended.err.contains("Platform.proxy") && !ended.err.contains(secret))
    func holds(_ text: String) throws -> Bool {
      let found = try Space.start(
        "/bin/grep", ["-rqaF", "--", text, folder("image")], environment: [:],
        folder: folder.path)
      return found.code == 0
    }
    #expect(try !holds(secret))
    #expect(try holds("client_id = shown") && holds("select 1"))

    let digest = try #require(ended.out.split(separator: " ").first)
    #expect(digest.hasPrefix("sha256:") && digest.utf8.count == 71)
    let again = try Self.build(
      folder("again"), starter: ["/bin/sh", "-c", "umask 077; exec \"$@\"", "sh"],
      ["LC_ALL": "C", "LANG": "de_DE.UTF-8", "TZ": "Asia/Tokyo", "HOME": folder.path],
      project: folder("project"))
    #expect(again.out.split(separator: " ").first == digest)
  }

  @Test func aPushWithoutImageOrNameSaysWhatToType() throws {
    let folder = try TemporaryFolder()
    func push(_ words: String...) throws -> EndedProgram {
      try Space.start(
        Space.program(),
        ["image", "push", "--layout", folder("none"), "--project", TestTools.root] + words,
        environment: ["PATH": "/usr/bin:/bin", "HOME": folder.path], folder: folder.path)
    }
    let unnamed = try push()
    #expect(unnamed.code == 2 && unnamed.err.contains("[Jobs] image"))
    let absent = try push("localhost:1/atelier:1")
    #expect(absent.code == 2 && absent.err.contains("atelier image build --output"))
  }
}
