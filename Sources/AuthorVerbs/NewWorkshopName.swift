// The rules for the name of a new workshop. It knows nothing of files.
import CommandLine

/// A workshop's name, `sales-tax`, and the Swift name that follows from it, `SalesTax`.
package struct NewWorkshopName: Equatable {
  package let text: String

  /// So long a name still leaves the lines that hold it within the formatter's width.
  static let longest = 24

  package init(_ text: String) throws {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    // Each part begins with a letter, so that two names never give one Swift name.
    let isFine = parts.allSatisfy { part in
      ("a"..."z").contains(part.first ?? " ")
        && part.utf8.allSatisfy { Self.lower.contains($0) || Self.digits.contains($0) }
    }
    guard isFine else {
      let better = Self.kebab(text)
      let hint = better.flatMap { try? NewWorkshopName($0) }.map { " Did you mean '\($0.text)'?" }
      throw UsageError(
        "'\(text)' is not a valid workshop name: expected lower-case letters and digits in parts that "
          + "begin with a letter, joined by '-', such as sales-tax." + (hint ?? ""))
    }
    guard text.utf8.count <= Self.longest else {
      throw UsageError(
        "'\(text)' is too long for a workshop's name: at most \(Self.longest) characters")
    }
    self.text = text
    guard !Self.taken.contains(type.lowercased()) else {
      throw UsageError(
        "'\(text)' cannot name a workshop: Swift or Atelier itself has the name \(type); "
          + "take another, such as my-\(text)")
    }
  }

  /// The name in Swift, of the workshop's module and folder.
  package var type: String {
    text.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  /// The modules that the workshop, its steps and its tests become.
  var modules: [String] { [type, type + "Steps", type + "Tests"] }

  private static let lower = UInt8(ascii: "a")...UInt8(ascii: "z")
  private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

  /// `SalesTax`, `sales_tax` or `Sales Tax` as `sales-tax`; nil for what holds other characters.
  private static func kebab(_ text: String) -> String? {
    var name = ""
    for character in text {
      if character.isUppercase, let last = name.last, last != "-" { name += "-" }
      name += ["_", " ", "."].contains(character) ? "-" : character.lowercased()
    }
    return name == text ? nil : name
  }

  /// Modules of the toolchain, words of Swift, and types that a new workshop uses.
  static let taken: Set<String> = [
    "amounttable", "grouptotals", "sumgroups", "main", "any", "self", "type", "protocol", "swift",
    "foundation", "foundationessentials", "dispatch",
    "synchronization", "observation", "distributed", "testing", "xctest", "glibc", "musl",
    "darwin", "cxx", "regexbuilder", "packagedescription", "packageplugin", "packageresources",
    "artifact", "artifactformat", "bool", "choice", "codefingerprint", "double", "graph", "int",
    "node", "output", "pipelinebuilder", "program", "publication", "setting", "settings", "stage",
    "step", "stepcontext", "stepfailure", "string", "table", "workshop",
  ]
}
