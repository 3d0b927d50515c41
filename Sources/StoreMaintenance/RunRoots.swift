// What a run record holds, as far as a collection of garbage wants to know. It reads no record: who
// writes records reads them.
import Content

/// The results and bytes that a run record speaks of.
package struct RunRoots: Hashable, Sendable {
  package let id: RunID
  /// What the run was of: the newest few records of each group are kept.
  package let group: String
  /// The keys of its steps, by name.
  package let steps: [String: ActionKey]
  /// Outputs that no result names, since they were not cached.
  package let uncachedOutputs: Set<Digest>

  package init(id: RunID, group: String, steps: [String: ActionKey], uncachedOutputs: Set<Digest>) {
    self.id = id
    self.group = group
    self.steps = steps
    self.uncachedOutputs = uncachedOutputs
  }

  /// Reads a record's JSON; nil where it is of another form.
  package typealias Reader = @Sendable (RunID, JSONValue) -> RunRoots?
}
