// A churn project with two trained models, and folders that stand for the accounts of the tiers.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation

/// A project whose models are promoted; each has a copy of a store in which both were trained.
final class ModelSpace {
  /// Both models, trained once.
  private struct Trained {
    let folder: TemporaryFolder
    let first: String
    let second: String
  }

  private static let trained = Result {
    let space = try WorkshopSpace.churn()
    func train(_ settings: [String: String]) throws -> String {
      _ = try space.run(settings)
      return try Digest.of(TestFiles.read(space.path("train.model.model", settings))).hex
    }
    let second = try train(["Churn.num_round": "5"])
    let first = try train([:])
    let folder = try TemporaryFolder()
    try FileManager.default.moveItem(atPath: space.store, toPath: folder("store"))
    return Trained(folder: folder, first: first, second: second)
  }

  let space: WorkshopSpace
  /// The digests of both models, without sha256:; the first is that of the workshop's own settings.
  let first: String
  let second: String
  var folder: TemporaryFolder { space.folder }

  /// With folders for all accounts.
  init() throws {
    let trained = try Self.trained.get()
    (first, second) = (trained.first, trained.second)
    space = try WorkshopSpace.churn()
    let copied = try Space.start(
      "/bin/cp", ["-a", trained.folder("store"), space.store], environment: [:],
      folder: space.folder.path)
    guard copied.code == 0 else { throw ProgramError(copied.err) }
    let baseline = "Workshops/Churn/Baselines/small.json"
    try space.folder.write(
      TestFiles.text("\(TestTools.root)/\(baseline)"), to: "project/\(baseline)")
    for place in ["governance", "dev", "preprod", "prod"] {
      try space.folder.write("", to: "accounts/\(place)/.keep")
      space.settings["Accounts.\(place)"] = folder("accounts/\(place)")
    }
    space.settings["Accounts.region"] = "eu-west-1"
  }

  /// Runs a verb of the churn workshop; throws where it ends otherwise than expected.
  @discardableResult
  func call(
    _ words: String..., settings: [String: String] = [:], expecting code: Int32 = 0
  ) throws -> EndedProgram {
    try space.atelier(words + ["--workshop", "churn"], settings, expecting: code)
  }

  /// Starts a verb and does not wait for it.
  func start(_ words: String..., settings: [String: String] = [:]) throws -> RunningProgram {
    var all =
      words + [
        "--workshop", "churn", "--project", folder("project"), "--set",
        "Atelier.root=\(space.store)",
      ]
    for (name, value) in space.settings.merging(settings, uniquingKeysWith: { $1 }) {
      all += ["--set", "\(name)=\(value)"]
    }
    return try RunningProgram(
      [Space.program()] + all,
      environment: WorkshopSpace.tools.merging(space.variables) { $1 }, folder: folder.path,
      captures: folder.path)
  }

  /// Approves a model.
  func approve(_ model: String, settings: [String: String] = [:]) throws {
    try call(
      "model", "approve", String(model.prefix(8)), "--reason", "figures of validate",
      settings: settings)
  }

  /// What `model show --json` says.
  func show(_ model: String) throws -> JSONValue {
    try JSONValue(parsing: call("model", "show", model, "--json").out)
  }

  /// The model that a tier's endpoint serves.
  func served(_ tier: String) throws -> String? {
    let path = folder("accounts/\(tier)/.atelier/endpoints/churn-\(tier).json")
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try JSONValue(parsing: TestFiles.read(path))["model"]?.string.map {
      String($0.dropFirst(7))
    }
  }

  /// The models of a tier's records, oldest first.
  func promoted(_ tier: String) throws -> [String] {
    let log = "accounts/\(tier)/.atelier/models/tier-churn-\(tier)"
    return try TestFiles.list(folder(log)).sorted().map { name in
      let record = try JSONValue(parsing: TestFiles.read(folder("\(log)/\(name)")))
      return String((record["event"]?["model"]?.string ?? "").dropFirst(7))
    }
  }
}
