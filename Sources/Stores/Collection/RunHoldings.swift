// What a run record holds, as far as a collection of garbage wants to know. It reads no record: who
// writes records reads them.
import Content

/// The results and bytes that a run record speaks of.
public struct RunHoldings: Hashable, Sendable {
  public let id: RunID
  /// What the run was of: the newest few records of each group are kept.
  public let group: String
  /// The keys of its steps, by name.
  public let steps: [String: ActionKey]
  /// Outputs that no result names, since they were not cached.
  public let loose: Set<Digest>

  public init(id: RunID, group: String, steps: [String: ActionKey], loose: Set<Digest>) {
    self.id = id
    self.group = group
    self.steps = steps
    self.loose = loose
  }

  /// Reads a record's JSON; nil where it is of another form.
  public typealias Reader = @Sendable (RunID, JSONValue) -> RunHoldings?
}

extension RunID {
  /// The moment in the name; nil where its digits are no date.
  public var startedAt: Timestamp? {
    let digits = Array(description.utf8.prefix(19)).filter { $0 != UInt8(ascii: "T") }
    func part(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
    guard digits.count == 18 else { return nil }
    return Timestamp(
      iso8601: "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(8..<10)):\(part(10..<12)):"
        + "\(part(12..<18))Z")
  }
}
