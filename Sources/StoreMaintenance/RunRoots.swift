// What a run record holds, as far as a collection of garbage wants to know. It reads no record: who
// writes records reads them.
import Content

/// The results and bytes that a run record speaks of.
public struct RunRoots: Hashable, Sendable {
  public let id: RunID
  /// What the run was of: the newest few records of each group are kept.
  public let group: String
  /// The keys of its steps, by name.
  public let steps: [String: ActionKey]
  /// Outputs that no result names, since they were not cached.
  public let uncachedOutputs: Set<Digest>

  public init(id: RunID, group: String, steps: [String: ActionKey], uncachedOutputs: Set<Digest>) {
    self.id = id
    self.group = group
    self.steps = steps
    self.uncachedOutputs = uncachedOutputs
  }

  /// Reads a record's JSON; nil where it is of another form.
  public typealias Reader = @Sendable (RunID, JSONValue) -> RunRoots?
}
