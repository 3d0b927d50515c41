// What a checkout already has, and whether it can take a new workshop. It changes nothing.
import Atelier
import CommandLine
import Content
import Project

/// A checkout of Atelier's sources.
package struct NewCheckout {
  package let root: String
  /// The text of Package.swift.
  let package: String

  package init(root: String) throws {
    self.root = root
    for path in ["Package.swift", "Sources/AtelierProgram/Main.swift"] {
      guard FileSystem.isFile("\(root)/\(path)") else {
        throw UsageError(
          "\(root) is not a checkout of Atelier's sources: expected \(path); "
            + "go to one, or name it with -C DIR")
      }
    }
    package = String(decoding: try FileSystem.read("\(root)/Package.swift"), as: UTF8.self)
  }

  /// The Swift sources of a folder itself, by their paths below the checkout.
  func sources(in folder: String) -> [(path: String, text: String)] {
    FileSystem.names(in: "\(root)/\(folder)").sorted().filter { $0.hasSuffix(".swift") }
      .compactMap { name in
        (try? text("\(folder)/\(name)")).map { ("\(folder)/\(name)", $0) }
      }
  }

  /// Whether Package.swift lists a step family.
  func hasFamily(_ name: String) -> Bool { families.contains(name) }

  /// The step families that Package.swift lists.
  var families: [String] {
    package.matches(of: #/\bfamily\(\s*"(\w+)"/#).map { String($0.1) }
  }

  /// Throws when the name means something else here already.
  package func refuse(_ name: NewWorkshopName, _ context: VerbContext) throws {
    if context.workshops.contains(where: { $0.name == name.text }) {
      throw UsageError("there is a workshop '\(name.text)' already; take another name")
    }
    for module in name.modules {
      // Upper and lower case count as one, since some file systems take them as one.
      if let folder = ["Sources", "Steps", "Workshops", "Tests"].lazy.compactMap({ folder in
        FileSystem.names(in: "\(root)/\(folder)")
          .first { $0.lowercased() == module.lowercased() }.map { "\(folder)/\($0)" }
      }).first {
        throw UsageError("'\(name.text)': there is \(folder) already; take another name")
      }
      if package.lowercased().contains("\"\(module.lowercased())\"") {
        throw UsageError(
          "'\(name.text)': Package.swift has a target \(module) already; take another name")
      }
    }
    for (words, meaning) in taken(context) where words.contains(name.text) {
      throw UsageError("'\(name.text)' is \(meaning) already; take another name")
    }
  }

  /// The words that a workshop's name must leave alone, and what they are.
  private func taken(_ context: VerbContext) -> [(words: [String], meaning: String)] {
    [
      (context.verbs() + ["help"], "a command of atelier"),
      (context.workshops.flatMap { $0.stages.flatMap { [$0.name] + $0.aliases } }, "a stage"),
      (makeTargets, "a target of the Makefile"),
    ]
  }

  /// The words before a colon at the beginning of the Makefile's lines, and those of `.PHONY`.
  private var makeTargets: [String] {
    let makefile = (try? FileSystem.read("\(root)/Makefile")) ?? []
    return TextLines.of(String(decoding: makefile, as: UTF8.self)).flatMap { line in
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, !line.hasPrefix("\t"), !parts[1].hasPrefix("=") else {
        return [String]()
      }
      return (parts[0] == ".PHONY" ? parts[1] : parts[0]).split(separator: " ").map(String.init)
    }
  }

  /// The edited files, none of them written yet; throws unless every edit has its one place.
  package func apply(_ edits: [NewEdit]) throws -> [NewFile] {
    var files: [NewFile] = []
    for edit in edits {
      let known = files.firstIndex { $0.path == edit.path }
      let old = try known.map { files[$0].text } ?? text(edit.path)
      guard let new = edit.applied(to: old) else {
        throw UsageError(
          """
          \(edit.path): expected one list that begins with the line `\(edit.list)` and ends with a \
          line `]` of the same indentation; nothing was written. Write the list \
          like this again, or call it with --files-only and add by hand:
          \(edits.map(\.shown).joined(separator: "\n"))
          """)
      }
      let file = NewFile(path: edit.path, text: new)
      if let known { files[known] = file } else { files.append(file) }
    }
    return files
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try FileSystem.read("\(root)/\(path)"), as: UTF8.self)
  }
}
