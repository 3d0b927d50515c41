// How the nodes of a job ended, by what the run reports.
import Content
import Execution
import Synchronization

/// The last report of each node; safe to use from any thread.
final class NodeEnds: Sendable {
  private let reports = Mutex<[String: NodeReport]>([:])

  /// The last report of a node counts.
  func take(_ report: NodeReport) { reports.withLock { $0[report.name] = report } }

  /// The outputs of a node; nil where it gave none.
  func outputs(of node: String) -> [String: OutputRecord]? {
    reports.withLock { $0[node]?.outputs }
  }

  /// Why the job failed: the words of each step that did, in the order of their names.
  var failure: String? {
    let failed = reports.withLock { reports in
      reports.values.filter { $0.status == .failed }.sorted { $0.name < $1.name }
        .map { "\($0.name): \($0.message ?? "failed")" }
    }
    return failed.isEmpty ? nil : failed.joined(separator: "\n")
  }
}
