// Waits for what another thread or program does. It knows none of them.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a test waited for and what did not come about.
package struct NothingCame: Error, CustomStringConvertible {
  package let description: String
}

/// Waits until a condition holds; throws if it does not within seconds that no test needs.
package func waitUntil(
  _ what: String, seconds: Int = 100, _ holds: () throws -> Bool
) throws {
  let end = ContinuousClock.now + .seconds(seconds)
  while try !holds() {
    guard ContinuousClock.now < end else {
      throw NothingCame(description: "not within \(seconds) s: \(what)")
    }
    usleep(5000)
  }
}
