// Which CSV file is made of which part of a table. It writes none.

/// One CSV file to write: which part, which columns, with or without their names.
public struct PartText: Codable, Sendable {
  /// The file's name.
  public var file: String
  /// The part's name.
  public var part: String
  /// The columns in the file's order.
  public var columns: [String]
  /// Whether the first line has the names of the columns.
  public var header: Bool

  /// A file with the given columns of a part.
  public init(file: String, part: String, columns: [String], header: Bool) {
    self.file = file
    self.part = part
    self.columns = columns
    self.header = header
  }
}
