// The error of a command line or a configuration that cannot be used.

/// A mistake of the user's, in words that name what was typed, what was expected and what to do.
///
/// It ends the program with `ExitCode.usage`.
package struct UsageError: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}
