// A project with the retail workshop in a temporary folder, and the built program run in it.
import AtelierTesting
import Content
import Foundation

/// The retail workshop at a small size.
///
/// A class so that its folder goes when the test ends.
final class RetailSpace {
  let folder: TemporaryFolder
  /// What every call sets with `--set`.
  var settings = ["Retail.rows": "600", "Retail.retry_interval": "0.02"]

  var store: String { folder("store") }

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("", to: "project/Package.swift")
    try folder.write(
      TestFiles.text(TestTools.root + "/Workshops/Retail/config.ini"),
      to: "project/Workshops/Retail/config.ini")
  }

  /// The variables of a call, with the wheels that read workbooks.
  private static let tools: [String: String] = {
    var variables = Space.tools
    variables["ATELIER_OPENPYXL"] = TestTools.path(of: "openpyxl")
    variables["ATELIER_ET_XMLFILE"] = TestTools.path(of: "et-xmlfile")
    return variables
  }()

  /// Runs a verb with this space's project, store and settings.
  @discardableResult
  func atelier(
    _ arguments: [String], _ more: [String: String] = [:], expecting status: Int32 = 0
  ) throws -> Finished {
    var words = arguments + ["--project", folder("project"), "--set", "Atelier.root=\(store)"]
    for (name, value) in settings.merging(more, uniquingKeysWith: { $1 }).sorted(by: {
      $0.key < $1.key
    }) {
      words += ["--set", "\(name)=\(value)"]
    }
    let finished = try Space.start(
      Space.program(), words, environment: Self.tools, folder: folder.path)
    guard finished.status == status else {
      throw SpaceError(
        description: "atelier \(words.joined(separator: " ")) ended with \(finished.status), "
          + "not \(status):\n\(finished.errors)\n\(finished.output)")
    }
    return finished
  }

  /// Brings the workshop up to date, or as far as a target.
  func run(_ more: [String: String] = [:], target: String = "retail/inference") throws -> RunReport
  {
    try RunReport(atelier(["run", target, "--json"], more).lines())
  }

  /// An output as the program shows it.
  func show(_ name: String, _ more: [String: String] = [:], format: String = "csv") throws -> String
  {
    try atelier(["show", "retail/\(name)", "--format", format], more).output
  }

  /// The path of an output's bytes.
  func path(_ name: String, _ more: [String: String] = [:]) throws -> String {
    try show(name, more, format: "path").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// A delivered file.
  func delivered(_ dataset: String, _ name: String) throws -> String {
    let place = "\(store)/retail-workshop/retail/\(dataset)"
    let exports = try FileManager.default.contentsOfDirectory(atPath: place).sorted()
    return try TestFiles.text("\(place)/\(exports.last ?? "")/\(name)")
  }

  /// The folder `shared/data` beside one of the folders that hold the checkout; nil where it is not.
  static let sharedData: String? = {
    var folder = URL(fileURLWithPath: TestTools.root)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let data = folder.appendingPathComponent("shared/data").path
      if FileManager.default.fileExists(atPath: data) { return data }
    }
    return nil
  }()
}
