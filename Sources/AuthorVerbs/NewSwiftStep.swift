// A new step in Swift: the text of its file, and how the wiring makes one. It writes nothing.
import Atelier
import AtelierStep
import CommandLine
import Content

/// A step that is a struct of a family.
struct NewSwiftStep {
  /// The name in Swift, `TopItems` for the step `totals.top-items`.
  let type: String
  /// The module that it is part of.
  let family: String
  /// What it is given.
  var inputs: [WiredInput] = []

  /// Throws where the step's name gives none that Swift takes.
  init(_ name: Substring, family: String) throws {
    let parts = name.split { $0 == "-" || $0 == "_" }
    type = parts.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    self.family = family
    guard type.first?.isLetter == true else {
      throw UsageError(
        "'\(name)' cannot name a Swift step: expected a name that begins with a letter, such as daily"
      )
    }
    guard !NewWorkshopName.taken.contains(type.lowercased()) else {
      throw UsageError(
        "'\(name)' cannot name a Swift step: Swift or Atelier itself has the name \(type); "
          + "take another, such as make-\(name)")
    }
  }

  /// Throws for an input that no property of the step can be called.
  mutating func take(_ inputs: [WiredInput]) throws {
    for input in inputs {
      guard PlainName.isPlain(input.name, hyphens: false), input.name.first?.isLetter == true,
        !Self.words.contains(input.name)
      else {
        throw UsageError(
          "'\(input.name)' cannot name an input of a Swift step: expected letters and digits that begin "
            + "with a letter and are no word of Swift, such as rows")
      }
    }
    self.inputs = inputs
  }

  /// Names that the file itself has, or that Swift keeps.
  static let words: Set<String> = [
    "table", "lines", "sizes", "name", "size", "context", "run", "programs", "sql", "scripts",
    "code",
    "limits", "isolation", "usesNetwork", "as", "any", "break", "case", "catch", "class",
    "continue",
    "default", "defer", "do", "else", "enum", "extension", "fallthrough", "false", "for", "func",
    "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil", "operator",
    "private", "protocol", "public", "repeat", "return", "self", "static", "struct", "subscript",
    "super", "switch", "throw", "throws", "true", "try", "var", "where", "while",
  ]

  /// The file, below the checkout.
  var path: String { "Steps/\(family)/\(type).swift" }

  /// The modules that the file imports beside AtelierStep and Foundation.
  var modules: [String] {
    Set(["LearningFormats"] + inputs.compactMap { $0.format?.module }).subtracting([family])
      .sorted()
  }

  /// What the wiring adds: `Daily(rows: rows)`.
  var call: String {
    let arguments = inputs.map { input in
      "\(input.name): "
        + (input.format == nil ? "AnyArtifact(\(input.expression))" : input.expression)
    }
    return "\(type)(\(arguments.joined(separator: ", ")))"
  }

  /// The step, which runs as it is and writes a row for each input, or some numbers where it has none.
  var text: String {
    """
    // The step \(type).
    \((["AtelierStep"] + modules).map { "import \($0)" }.joined(separator: "\n"))

    #if canImport(FoundationEssentials)
      import FoundationEssentials
    #else
      import Foundation
    #endif

    /// Writes \(inputs.isEmpty ? "the numbers from 1 up" : "the size of each input").
    public struct \(type): Step {
    \(properties)
      /// The table that it writes.
      public var table = Output<CSVTable>()

      public func run(in context: StepContext) throws {
        var lines = \(inputs.isEmpty ? "\"number\\n\"" : "\"input,size\\n\"")
    \(statements)
        try Data(lines.utf8).write(to: URL(fileURLWithPath: context.path(table)))
      }
    }

    """
  }

  private var properties: String {
    guard !inputs.isEmpty else {
      return "  /// How many numbers, a parameter.\n  public var count = 3"
    }
    return inputs.map { input in
      "  /// An input.\n  public var \(input.name): "
        + (input.format.map { "Artifact<\($0.type)>" } ?? "AnyArtifact")
    }.joined(separator: "\n")
  }

  private var statements: String {
    guard !inputs.isEmpty else {
      return "    for number in 0..<count { lines += \"\\(number + 1)\\n\" }"
    }
    let sizes = inputs.map { input in
      let path =
        input.format == nil ? "\(input.name).path(in: context)" : "context.path(\(input.name))"
      let size =
        input.isTree
        ? "FileManager.default.subpathsOfDirectory(atPath: \(path)).count"
        : "Data(contentsOf: URL(fileURLWithPath: \(path))).count"
      return "      (\"\(input.name)\", \(size))"
    }
    return """
          let sizes = try [
      \(sizes.joined(separator: ",\n"))\(sizes.count > 1 ? "," : "")
          ]
          for (name, size) in sizes { lines += "\\(name),\\(size)\\n" }
      """
  }
}
