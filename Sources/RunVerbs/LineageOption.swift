// `run --lineage`: events of OpenLineage for a run.
import Atelier
import CommandLine
import Content
import Execution
import HTTP
import Lineage
import Project
import Terminal

/// Sends the events of a run where the option says; a failure is told once and fails nothing.
final class LineageWriter {
  static let option = Option(
    "lineage", value: "FILE|URL", completion: .files,
    "events of OpenLineage: lines added to a file, or requests to a server such as "
      + "http://localhost:5000/api/v1/lineage (with OPENLINEAGE_API_KEY, if set)")

  private let sink: any LineageSink
  private var lineage: RunLineage
  private let output: Console

  /// A writer for a run over a graph; throws where the option is neither a URL nor a file that can be
  /// written.
  init(_ text: String, _ graph: Graph, _ session: Session) throws {
    output = session.output
    lineage = RunLineage(graph, producer: "urn:atelier:run", now: Timestamp.now)
    guard text.contains("://") else {
      guard !text.isEmpty else { throw UsageError("--lineage takes a file or a URL, not ''") }
      let path = text == "-" ? "/dev/stdout" : FileSystem.absolute(text)
      sink = try LineageFile(FileSystem.resolved(path) ?? path)
      return
    }
    guard let url = ServiceURL(text) else {
      // Not shown: it may hold a password.
      throw UsageError(
        "--lineage: expected a URL of the form http[s]://host[:port][/path]; a user, a password or a query "
          + "does not belong there (OPENLINEAGE_API_KEY is sent as a token)")
    }
    let token = session.environmentVariables["OPENLINEAGE_API_KEY"].flatMap {
      $0.isEmpty ? nil : $0
    }
    sink = try LineageServer(url, token: token)
  }

  /// Takes an event of the run.
  func take(_ event: RunEvent) {
    for line in (try? lineage.take(event)) ?? [] { sink.send(line) }
  }

  /// Waits for what is on its way, and tells what was lost.
  func finish() {
    if let loss = sink.finish() { output.error("atelier: \(loss)") }
  }
}
