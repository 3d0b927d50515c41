// How long to wait between two looks at something that changes on AWS.

/// Seconds between two looks: ever more while nothing happens.
package struct Patience: Sendable {
  private let longest: Double
  package private(set) var seconds = 0.2

  /// At most `longest` seconds.
  package init(longest: Double = 10) { self.longest = longest }

  package mutating func nothingHappened() { seconds = min(seconds * 1.5, longest) }

  package mutating func somethingHappened() { self = Patience(longest: longest) }
}
