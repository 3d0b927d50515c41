// What `--set` and `--project` mean to verbs about accounts, as the guide writes them.

/// The words of a call, as every verb reads them.
enum AccountWords {
  /// Of verbs about accounts `--set NAME` chooses a set, and `--project NAME` a project of it.
  ///
  /// Everywhere `--set Section.key=value` is a setting and `--project FOLDER` the checkout: a set has no
  /// `=` in its name, and a project no `/`.
  static func chosen(_ words: [String]) -> [String] {
    let isAboutAccounts = words.contains { ["accounts", "project", "access"].contains($0) }
    guard isAboutAccounts else { return words }
    let namesProject = words.contains { ["user", "access", "policies"].contains($0) }
    var words = words
    for index in words.indices {
      let isLast = index == words.indices.last
      if words[index] == "--set", !isLast, !words[index + 1].contains("=") {
        words[index + 1] = "Accounts.set=\(words[index + 1])"
      } else if words[index].hasPrefix("--set="), !words[index].dropFirst(6).contains("=") {
        words[index] = "--set=Accounts.set=\(words[index].dropFirst(6))"
      } else if namesProject, words[index] == "--project", !isLast, !isPath(words[index + 1]) {
        words[index] = "--project-name"
      } else if namesProject, words[index].hasPrefix("--project="),
        !isPath(String(words[index].dropFirst(10)))
      {
        words[index] = "--project-name=\(words[index].dropFirst(10))"
      }
    }
    return words
  }

  private static func isPath(_ word: String) -> Bool { word.contains("/") || word.hasPrefix(".") }
}
