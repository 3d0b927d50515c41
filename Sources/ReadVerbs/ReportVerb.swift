// `atelier report`: a run as one HTML page.
import CommandLine
import Content
import LocalStores
import Project
import Report
import ReportBuilding
import Terminal

package struct ReportVerb: Verb {
  package let name = "report"
  package let summary = "one HTML page of a run: key numbers, charts, steps, artifacts"
  package let details = """
    RUN is named as for `atelier diff`; the newest one unless given. Runs that change nothing are not
    recorded, so the newest record is used. The page makes no network requests, contains no
    user, machine, folder or secret, and is the same for the same record and results. It opens the first
    rows of artifacts; --summary leaves out rows of data, so that the page can be passed on.
    """
  package let examples = [
    Example("atelier report", "report.html of the newest run"),
    Example("atelier report latest~1 -o before.html", "of the run before"),
    Example("atelier report --summary", "without rows of data"),
  ]
  let target = Argument("[workshop/][RUN]", count: 0...1, completion: .named("latest-runs"))
  let file = Option(
    "output", short: "o", value: "FILE", completion: .files,
    "where to write it (default report.html); - for stdout")

  let isSummary = Flag(
    "summary", "leave out rows of data: previews, specifications of charts, values of tables, logs")

  package var parameters: [any Parameter] { [target, file, isSummary] }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let path = call[file] ?? "report.html"
    guard !path.isEmpty else { throw UsageError("--output needs a file's name, or - for stdout") }
    // A workshop's bare name means its newest run.
    let words = call[target].map { word in
      context.workshops.contains { $0.name == word } ? "\(word)/latest" : word
    }
    let (named, runs) = try Session.open(call, runs: words, context)
    let store = try LocalStore.open(root: named.storeRoot(), readOnly: true)
    let shared = try named.remote(store, RemoteUse())?.shared
    let catalogue = RunCatalogue(store: store, shared: shared, workshop: named.workshop.name)
    let record = try catalogue.record(runs.first ?? "latest")
    // A run's id tells its workshop, whatever stands before it.
    let session =
      record.workshop == named.workshop.name
      ? named : try Session(call, targets: [record.workshop], context)
    let page = try ReportCollector(record, session, catalogue, call, isSummary: call[isSummary])
      .page()
    let bytes = Array(try page.html().utf8)
    if try FileSystem.write(bytes, output: path, context.output) {
      context.output.message(
        "\(path): \(Text.size(Int64(bytes.count))), run \(record.id) of \(record.workshop), "
          + "\(record.status), begun \(record.startedAt)")
    }
    return ExitCode.success
  }
}
