// The error of everything that runs steps.

/// A failure of the engine's own, with what to do in its text.
package struct EngineFailure: Error, CustomStringConvertible, Sendable {
  package let description: String
  package init(_ description: String) { self.description = description }
}
