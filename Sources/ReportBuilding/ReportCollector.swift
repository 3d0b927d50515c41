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
  /// Whether rows of data are left out, wherever they stand.
  private let isSummary: Bool

  package init(
    _ record: RunRecord, _ session: Session, _ catalogue: RunCatalogue, _ call: Call,
    isSummary: Bool = false
  ) throws {
    self.isSummary = isSummary
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
    let first = ReportResults(
      record, previous: history.dropFirst().first, KeyRecords(graph, results.environment))
    page.decisions = first.decisions
    page.keyNumbers = first.cards
    page.changes = first.changes
    page.causes = first.otherCauses
    (page.graph, page.notes.graph) = ReportGraph(record, graph, catalogue).groups()
    (page.pictures, page.notes.pictures) = ReportPictures(results, isSummary: isSummary).pictures()
    page.rules = ReportRules(results).rules()
    (page.metrics, page.notes.metrics) =
      isSummary ? ([], []) : ReportMetrics(results, history: history).groups()
    (page.settings, page.notes.settings) = settings
    (page.artifacts, page.notes.artifacts) = ReportArtifacts(
      results, reader, isSummary: isSummary
    ).entries()
    if isSummary {
      page.notes.artifacts = ["A summary: rows of data, logs and values from tables are left out."]
      page.graph.groups = page.graph.groups.map(\.withoutData)
    }
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
        "Not shown: empty values, secrets, storage settings."
      ]
    )
  }
}

extension StepGroup {
  /// The steps without what a program may have printed of its data.
  fileprivate var withoutData: StepGroup {
    var group = self
    group.steps = steps.map { step in
      var step = step
      step.log = []
      if step.status == .failed { step.message = "failed; a summary leaves out what it said" }
      step.warnings = step.warnings.isEmpty ? [] : ["left out of a summary"]
      return step
    }
    return group
  }
}
