// What is wrong with accounts, where, and what to do about it.

/// One problem of a file, a setting or an account.
package struct AccountProblem: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file, line, key, setting or account as the user typed it.
  package var place: String
  /// What was expected and found.
  package var problem: String
  /// What to do.
  package var remedy: String

  package init(_ place: String, _ problem: String, remedy: String) {
    self.place = place
    self.problem = problem
    self.remedy = remedy
  }

  package var description: String { "\(place): \(problem); \(remedy)" }
}

/// All problems of what a user wrote, a line each.
package struct AccountProblems: Error, Sendable, CustomStringConvertible {
  package let problems: [AccountProblem]

  package init(_ problems: [AccountProblem]) { self.problems = problems }

  package var description: String { problems.map(\.description).joined(separator: "\n") }
}
