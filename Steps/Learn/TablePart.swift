// Named parts of a table, and the rules for their names. It reads no table.
import AtelierStep

/// A part of a table: its name, and up to which share of the rows it reaches.
public struct TablePart: Codable, Hashable, Sendable {
  /// The name of the part: letters, digits, `-` and `_`.
  public var name: String
  /// The end of the part, as a share of all rows: above the end of the part before, at most 1.
  public var end: Double

  /// A part that ends at the share `end` of all rows.
  public init(_ name: String, end: Double) {
    self.name = name
    self.end = end
  }

  /// Parts of about the same size, named `<name>0` and so on.
  public static func folds(_ count: Int, name: String = "fold") -> [TablePart] {
    (0..<count).map { TablePart("\(name)\($0)", end: Double($0 + 1) / Double(count)) }
  }
}

/// The rules for names of parts, which are file names.
enum PartNames {
  static func check(_ names: [String]) throws {
    for name in names {
      guard PlainName.isPlain(name), name != "meta" else {
        throw StepFailure("'\(name)' is no name of a part; use letters, digits, '-' and '_'")
      }
    }
    guard !names.isEmpty, Set(names.map { $0.lowercased() }).count == names.count else {
      throw StepFailure("parts need names of their own, but they are: \(names)")
    }
  }
}
