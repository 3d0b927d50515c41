// What a new workshop consists of: files from the templates, and lines in the lists of the checkout.
import Content
import Execution

/// A file to write: its path below the checkout, and its text.
package struct NewFile {
  /// The path below the checkout.
  let path: String
  let text: String

  package init(path: String, text: String) {
    self.path = path
    self.text = text
  }
}

/// The files and edits that make a workshop of a name.
struct NewWorkshop {
  let name: NewWorkshopName

  init(_ name: NewWorkshopName) { self.name = name }

  private var workshop: String { "Workshops/\(name.type)" }
  private var family: String { "Steps/\(name.type)Steps" }
  private var tests: String { "Tests/\(name.type)Tests" }

  /// The folders that it has for itself.
  var folders: [String] { [workshop, family, tests] }

  /// Its files, in the order in which one reads them.
  var files: [NewFile] {
    [
      file("\(workshop)/\(name.type).swift", PackageResources.workshop_swift_txt),
      file("\(workshop)/config.ini", PackageResources.config_ini_txt),
      file("\(workshop)/Data/rows.csv", PackageResources.rows_csv),
      file("\(workshop)/Baselines/small.json", PackageResources.small_json_txt),
      file("\(workshop)/README.md", PackageResources.readme_md_txt),
      file("\(family)/Formats.swift", PackageResources.formats_swift_txt),
      file("\(family)/SumGroups.swift", PackageResources.step_swift_txt),
      file("\(family)/SQL/sums.sql", PackageResources.sums_sql),
      file("\(tests)/SumGroupsTests.swift", PackageResources.tests_swift_txt),
    ]
  }

  /// The lines that make the build and the program know it.
  var edits: [NewEdit] {
    let (module, steps, tests) = (name.modules[0], name.modules[1], name.modules[2])
    let package = "Package.swift"
    return [
      NewEdit(
        path: package, list: "let families: [Target] = [",
        element: "family(\"\(steps)\", [\"DuckDB\"])"),
      NewEdit(
        path: package, list: "let workshops: [Target] = [",
        element: "workshop(\"\(module)\", [\"\(steps)\"], excluding: [\"Data\"])"),
      NewEdit(
        path: package, list: "let workshopTests: [Target] = [",
        element: "tests(\"\(tests)\", [\"\(steps)\", \"AtelierStep\"])"),
    ]
  }

  private func file(_ path: String, _ template: [UInt8]) -> NewFile {
    var text = String(decoding: template, as: UTF8.self)
    for (mark, value) in [
      ("{{Type}}", name.type), ("{{name}}", name.text), ("{{platform}}", KeyMaker.platform),
    ] {
      text = text.replacing(mark, with: value)
    }
    return NewFile(path: path, text: sortingImports(text))
  }

  /// Where the module's name belongs among the imports is known only now.
  private func sortingImports(_ text: String) -> String {
    let lines = TextLines.of(text).map(String.init)
    guard let first = lines.firstIndex(where: { $0.hasPrefix("import ") }) else { return text }
    let imports = lines[first...].prefix { $0.hasPrefix("import ") }
    return (lines[..<first] + imports.sorted() + lines[imports.endIndex...])
      .joined(separator: "\n")
  }
}
