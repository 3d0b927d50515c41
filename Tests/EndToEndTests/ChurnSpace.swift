// A project with the churn workshop in a temporary folder, and the built program run in it.
import AtelierTesting
import Content
import Foundation

/// The churn workshop at a small size.
///
/// A class so that its folder goes when the test ends.
final class ChurnSpace {
  let folder: TemporaryFolder
  /// What every call sets with `--set`.
  var settings = ["Churn.rows": "600"]

  /// The folder of all deliveries.
  var exports: String { folder("store/churn-workshop/churn") }

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("", to: "project/Package.swift")
    try folder.write(
      TestFiles.text(TestTools.root + "/Workshops/Churn/config.ini"),
      to: "project/Workshops/Churn/config.ini")
  }

  /// The words that choose one of the workshop's example configurations.
  static func example(_ name: String) -> [String] {
    ["--config", TestTools.root + "/Workshops/Churn/Examples/\(name).ini"]
  }

  /// Runs a verb with this space's project, store and settings.
  @discardableResult
  func atelier(
    _ arguments: [String], _ more: [String: String] = [:], expecting status: Int32 = 0
  ) throws -> Finished {
    let store = folder("store")
    var words = arguments + ["--project", folder("project"), "--set", "Atelier.root=\(store)"]
    for (name, value) in settings.merging(more, uniquingKeysWith: { $1 }).sorted(by: {
      $0.key < $1.key
    }) {
      words += ["--set", "\(name)=\(value)"]
    }
    let finished = try Space.start(
      Space.program(), words, environment: Space.tools, folder: folder.path)
    guard finished.status == status else {
      throw SpaceError(
        description: "atelier \(words.joined(separator: " ")) ended with \(finished.status), "
          + "not \(status):\n\(finished.errors)\n\(finished.output)")
    }
    return finished
  }

  /// Brings the workshop up to date as far as a target, by default all but its pictures.
  func run(
    _ more: [String: String] = [:], _ words: [String] = [], target: String = "churn/serve"
  ) throws -> RunReport {
    try RunReport(atelier(["run", target, "--json"] + words, more).lines())
  }

  /// A JSON document of the workshop.
  func document(
    _ name: String, _ more: [String: String] = [:], _ words: [String] = []
  ) throws -> JSONValue {
    try JSONValue(
      parsing: atelier(["show", "churn/\(name)", "--format", "json"] + words, more).output)
  }

  /// The newest delivery of a file.
  func delivered(_ dataset: String, _ name: String) throws -> String {
    let place = "\(exports)/\(dataset)"
    let times = try FileManager.default.contentsOfDirectory(atPath: place).sorted()
    return try TestFiles.text("\(place)/\(times.last ?? "")/\(name)")
  }
}
