// What files, buckets, options and names of others may claim, so that none of it traps or exhausts memory.
// Times are checked by `CivilTime`, numbers of JSON by its parser.

/// The most bytes that a file of each kind may have; a larger one is damaged or somebody else's.
package enum ByteLimit {
  /// Notes, tags, ledgers, the version: one small document each.
  package static let note = 1 << 20
  /// An action result, or an entry of a feature group's log.
  package static let result = 64 << 20
  /// A run record, or what was remembered of a run.
  package static let record = 256 << 20
  /// A tree's manifest: about three million files.
  package static let manifest = 512 << 20
}

extension Int64 {
  /// The sum, or the number nearest to it that there is.
  package func addingSaturated(_ other: Int64) -> Int64 {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? (other < 0 ? .min : .max) : sum
  }
}

extension Sequence {
  /// The sum of numbers that somebody claims, or the largest number where they claim more.
  package func saturatedSum(_ number: (Element) -> Int64) -> Int64 {
    reduce(0) { $0.addingSaturated(number($1)) }
  }
}

extension JSONValue {
  /// The whole number, if it is one within a range.
  package func integer(in range: ClosedRange<Int64>) -> Int64? {
    integer.flatMap { range.contains($0) ? $0 : nil }
  }
}
