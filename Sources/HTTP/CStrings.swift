// Strings that live as long as a call into C.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Zero-terminated copies of strings, freed with the value.
package final class CStrings {
  private let copies: [UnsafeMutablePointer<CChar>?]

  package init(_ strings: [String]) { copies = strings.map { strdup($0) } }

  deinit { copies.forEach { free($0) } }

  /// Lends the pointers with a nil after the last.
  package func withPointers<Answer>(
    _ body: (UnsafePointer<UnsafePointer<CChar>?>) throws -> Answer
  ) rethrows -> Answer {
    let pointers = copies.map { $0.map { UnsafePointer($0) } } + [nil]
    return try withExtendedLifetime(self) {
      try pointers.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { preconditionFailure("it holds the last nil") }
        return try body(start)
      }
    }
  }
}
