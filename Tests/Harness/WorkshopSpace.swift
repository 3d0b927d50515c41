// A project with one workshop in a temporary folder, and the built program run in it.
import AtelierTesting
import Content
import Foundation

/// One workshop at a small size.
///
/// A class so that its folder goes when the test ends.
package final class WorkshopSpace {
  package let folder: TemporaryFolder
  /// The workshop's name on the command line.
  package let name: String
  /// What every call sets with `--set`.
  package var settings: [String: String]
  /// What every call has in its environment, besides the tools.
  package var variables: [String: String] = [:]
  /// The stage up to which `run` goes: all but the pictures.
  package let last: String

  package var store: String { folder("store") }
  /// The folder of all deliveries.
  package var exports: String { folder("store/\(name)-workshop/\(name)") }

  private init(_ directory: String, last: String, _ settings: [String: String]) throws {
    name = directory.lowercased()
    self.last = last
    self.settings = settings
    folder = try TemporaryFolder()
    try folder.write("", to: "project/Package.swift")
    try folder.write(
      TestFiles.text(TestTools.root + "/Workshops/\(directory)/config.ini"),
      to: "project/Workshops/\(directory)/config.ini")
  }

  package static func retail() throws -> WorkshopSpace {
    try WorkshopSpace(
      "Retail", last: "inference", ["Retail.rows": "600", "Retail.retry_interval": "0.02"])
  }

  package static func churn() throws -> WorkshopSpace {
    try WorkshopSpace("Churn", last: "serve", ["Churn.rows": "600"])
  }

  package static func propensity() throws -> WorkshopSpace {
    try WorkshopSpace(
      "Propensity", last: "week5",
      ["Atelier.users": "400", "Atelier.batches": "2", "Atelier.trials": "3"])
  }

  /// With the flow documents, which its configuration names by relative paths.
  package static func abalone() throws -> WorkshopSpace {
    let space = try WorkshopSpace(
      "Abalone", last: "train", ["Abalone.rows": "200", "Abalone.num_round": "5"])
    for name in ["abalone", "uci"] {
      let path = "Workshops/Abalone/Flows/\(name).flow.json"
      try space.folder.write(TestFiles.text("\(TestTools.root)/\(path)"), to: "project/\(path)")
    }
    return space
  }

  /// The words that choose one of the churn workshop's example configurations.
  package static func churnExample(_ name: String) -> [String] {
    ["--config", TestTools.root + "/Workshops/Churn/Examples/\(name).ini"]
  }

  /// The variables of a call, with the wheels that read workbooks.
  package static let tools: [String: String] = {
    var variables = Space.tools
    variables["ATELIER_OPENPYXL"] = TestTools.path(of: "openpyxl")
    variables["ATELIER_ET_XMLFILE"] = TestTools.path(of: "et-xmlfile")
    return variables
  }()

  /// Runs a verb with this space's project, store and settings.
  @discardableResult
  package func atelier(
    _ arguments: [String], _ more: [String: String] = [:], expecting status: Int32 = 0
  ) throws -> EndedProgram {
    var words = arguments + ["--project", folder("project"), "--set", "Atelier.root=\(store)"]
    for (name, value) in settings.merging(more, uniquingKeysWith: { $1 }).sorted(by: {
      $0.key < $1.key
    }) {
      words += ["--set", "\(name)=\(value)"]
    }
    let finished = try Space.start(
      Space.program(), words, environment: Self.tools.merging(variables) { $1 }, folder: folder.path
    )
    guard finished.code == status else {
      throw ProgramError(
        "atelier \(words.joined(separator: " ")) ended with \(finished.code), "
          + "not \(status):\n\(finished.err)\n\(finished.out)")
    }
    return finished
  }

  /// Brings the workshop up to date, or as far as a target.
  @discardableResult
  package func run(
    _ more: [String: String] = [:], _ words: [String] = [], target: String? = nil
  ) throws -> RunReport {
    let target = target ?? "\(name)/\(last)"
    return try RunReport(atelier(["run", target, "--json"] + words, more).lines())
  }

  /// An output as the program shows it.
  package func show(
    _ output: String, _ more: [String: String] = [:], _ words: [String] = [],
    format: String = "csv"
  ) throws -> String {
    try atelier(["show", "\(name)/\(output)", "--format", format] + words, more).out
  }

  /// A JSON document of the workshop.
  package func document(
    _ output: String, _ more: [String: String] = [:], _ words: [String] = []
  ) throws -> JSONValue {
    try JSONValue(parsing: show(output, more, words, format: "json"))
  }

  /// The path of an output's bytes.
  package func path(_ output: String, _ more: [String: String] = [:]) throws -> String {
    try show(output, more, format: "path").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The newest delivery of a file.
  package func delivered(_ dataset: String, _ name: String) throws -> String {
    let place = "\(exports)/\(dataset)"
    let times = try FileManager.default.contentsOfDirectory(atPath: place).sorted()
    return try TestFiles.text("\(place)/\(times.last ?? "")/\(name)")
  }

  /// The folder `shared/data` beside one of the folders that hold the checkout; nil where it is not.
  package static let sharedData: String? = {
    var folder = URL(fileURLWithPath: TestTools.root)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let data = folder.appendingPathComponent("shared/data").path
      if FileManager.default.fileExists(atPath: data) { return data }
    }
    return nil
  }()
}
