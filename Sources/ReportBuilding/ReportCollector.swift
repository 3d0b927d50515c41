// Fills a report's page from a run record, the wiring, and the results in the store.
import Atelier
import CommandLine
import Content
import Inspection
import Planning
import Project
import Report
import Terminal

/// What a page is made of.
package struct ReportCollector {
  /// So many runs make a curve.
  private static let mostRuns = 20

  private let record: RunRecord
  private let session: Session
  private let catalogue: RunCatalogue
  private let graph: Graph
  private let results: RunResults
  private let reader: ArtifactReader

  package init(
    _ record: RunRecord, _ session: Session, _ catalogue: RunCatalogue, _ call: Call
  ) throws {
    self.record = record
    self.session = session
    self.catalogue = catalogue
    // A workshop that was edited since may not take the old settings; its graph is next to the run's.
    graph = try (try? session.asRecorded(record, call).graph()) ?? session.graph()
    let environment = try session.environment(
      graph, try Selection([], in: graph), readOnly: true)
    results = RunResults(record, graph, environment, catalogue)
    reader = ArtifactReader(
      environment: environment,
      locator: session.locator)
  }

  package func page() throws -> ReportPage {
    var page = ReportPage(
      workshop: record.workshop, summary: session.workshop.summary, run: record.id,
      startedAt: record.startedAt, outcome: record.status,
      time: Text.seconds(record.json["seconds"]?.number ?? 0),
      platform: record.json["platform"]?.string ?? "")
    page.caution = session.workshop.caution
    let history = try catalogue.history(of: record, count: Self.mostRuns)
    page.previous = history.dropFirst().first.map { .init(run: $0.id, startedAt: $0.startedAt) }
    (page.graph, page.notes.graph) = ReportGraph(record, graph, catalogue).groups()
    (page.pictures, page.notes.pictures) = ReportPictures(results).pictures()
    page.rules = ReportRules(results).rules()
    (page.metrics, page.notes.metrics) = ReportMetrics(results, history: history).groups()
    (page.settings, page.notes.settings) = settings
    (page.artifacts, page.notes.artifacts) = ReportArtifacts(results, reader).entries()
    return page
  }

  private var settings: ([ShownSetting], [String]) {
    guard let recorded = record.json["settings"]?.object else {
      return ([], ["The run's record is older than the recording of settings."])
    }
    let order = session.workshop.settings.map { "\($0.section).\($0.key)" }
    func place(_ name: String) -> (Int, String) {
      (order.firstIndex(of: name) ?? order.count, name)
    }
    let values = recorded.keys.sorted { place($0) < place($1) }.compactMap {
      name -> ShownSetting? in
      guard let value = recorded[name]?["value"]?.string, !value.isEmpty else { return nil }
      return ShownSetting(
        name: name, value: PlainPaths.hidden(value), origin: recorded[name]?["origin"]?.string ?? ""
      )
    }
    return (
      values,
      [
        "Left out: what is empty, secrets and the sections that hold them, and settings that say "
          + "only where results are kept."
      ]
    )
  }
}
