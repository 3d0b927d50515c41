// The guard against runs that leave something out and call it a success.
import Execution

/// Nodes were left out though nothing failed and nobody stopped the run: a bug of ours.
package struct UnexplainedSkip: Error, CustomStringConvertible {
  package let count: Int

  package var description: String {
    "BUG: the run left out \(count) of its nodes, though none failed and nobody stopped it"
  }
}

extension RunSummary {
  /// Throws where nodes were left out without a reason.
  package func checkReasons() throws(UnexplainedSkip) {
    if outcome == .failed, failed == 0, skipped > 0 { throw UnexplainedSkip(count: skipped) }
  }
}
