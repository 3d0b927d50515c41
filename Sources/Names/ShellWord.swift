// A word of a shell's line.

package enum ShellWord {
  /// The word in quotes, whatever is in it.
  package static func quoted(_ word: String) -> String {
    "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
