// What can be wrong with a workshop's wiring. It checks nothing.

/// A mistake in a workshop's wiring.
public struct WiringError: Error, CustomStringConvertible {
  /// The workshop's name.
  public let workshop: String
  /// The name of the step or other node.
  public let node: String
  /// What is wrong with it.
  public let problem: String
  /// The error in one sentence.
  public var description: String { "workshop \(workshop), step '\(node)': \(problem)" }
}

/// All mistakes in a workshop's wiring, in the order of the wiring.
public struct WiringErrors: Error, CustomStringConvertible {
  /// The mistakes: two or more.
  public let errors: [WiringError]
  /// One line a mistake.
  public var description: String {
    errors.map(\.description).joined(separator: "\n")
  }
}

/// A folder in a bucket that nobody gave a way to.
public struct NoBucket: Error, CustomStringConvertible {
  /// The address that was to be listed.
  public let url: String
  /// An error for an address.
  public init(url: String) { self.url = url }
  /// The error in one sentence.
  public var description: String { "\(url) cannot be listed here" }
}
