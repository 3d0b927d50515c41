// What is wrong with the bytes of a CSV file, by line, in words for the one who wrote it.

/// A fault of a CSV file.
public struct CSVError: Error, Hashable, CustomStringConvertible {
  /// The line, from 1 up; nil for the file as a whole.
  public let line: Int?
  /// What is wrong and what to do.
  public let problem: String

  /// A fault in a line, or of the whole file.
  public init(line: Int? = nil, _ problem: String) {
    self.line = line
    self.problem = problem
  }

  /// The fault with its line in front.
  public var description: String { line.map { "line \($0): \(problem)" } ?? problem }
}
