// The verbs of `atelier store`, and what one call of them has.
import CommandLine
import Content
import Project
import Terminal

/// All verbs that concern a store as a whole.
package enum StoreVerbs {
  /// The group, with verbs of other modules at its end.
  package static func group(with more: [any Verb<VerbContext>] = []) -> VerbGroup<VerbContext> {
    VerbGroup(
      "store", "share, check, clean and show the store",
      details: """
        push and pull mean the folder of [Atelier] shared, or the bucket of [AWS] s3_bucket_name and
        s3_prefix, also with [Atelier] store = local; one that is unreachable ends them with 5.
        """,
      verbs: [
        StorePush(), StorePull(), StoreFsck(), StoreGC(), StoreStats(), StoreTag(), StoreUntag(),
      ] + more)
  }
}

/// One call of a verb of the store.
struct StoreCall {
  let call: Call
  let context: VerbContext
  let isJSON: Bool

  var output: Console { context.output }

  /// A session that needs no graph.
  func session(targets: [String] = []) throws -> Session {
    try Session(call, targets: targets, context)
  }

  /// Prints an event as `--json` has it.
  func event(_ name: String, _ fields: [String: JSONValue]) throws {
    let head: [String: JSONValue] = ["v": 1, "event": .string(name)]
    try output.data(JSONValue.object(head.merging(fields) { $1 }).canonicalText() + "\n")
  }
}
