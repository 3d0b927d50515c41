// `atelier watch`: one run for each new file, in the order of arrival.
import CSystem
import CommandLine
import Content
import Inbox
import LocalStores
import Project
import StoreFolder
import Terminal

package struct WatchVerb: Verb {
  package let name = "watch"
  package let summary = "run once for each new file (same content: not again)"
  package let details = """
    The workshop's settings name the location: a folder, or s3://bucket/prefix. Files run in the order
    in which they arrived, one at a time, each on a copy of its own, so that a file that is replaced
    meanwhile becomes the next one. Hidden names and those that end in .part, .tmp and the like are
    ignored, and on Linux files that are open for writing. The same content under the same name never
    runs twice. What arrived is kept below .atelier/watch, so that a watcher that was killed
    continues. A failure is kept with its reason, and the next file runs. Exits 0; with --once, 1 if
    any file failed; 5 while another process watches.
    """
  package let examples = [
    Example("atelier watch churn", "until Ctrl-C"),
    Example("atelier watch churn --once", "what is there now, as a cron job does"),
    Example("atelier watch churn --list", "with states and reasons"),
    Example("atelier watch churn --retry input/new.csv", "after fixing the problem"),
  ]
  let workshop = Shared.workshop
  let once = Flag("once", "end when all files that are there have run")
  let interval = Option("interval", secondsIn: 0...86_400, "pause between two checks (default 1)")
  let settle = Option(
    "settle", secondsIn: 0...86_400, "how long a file of a folder must be unchanged (default 1)")
  let endpoint = Option(
    "endpoint", value: "NAME",
    "after each run update this endpoint to its model; `atelier serve` follows")
  let list = Flag("list", "list what arrived, and its state")
  let retry = Option("retry", value: "OBJECT", "run once more what failed")
  let jobs = Shared.jobs
  let json = Shared.json

  package var parameters: [any Parameter] {
    [workshop, once, interval, settle, endpoint, list, retry, jobs, json]
  }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let session = try Session(call, workshop: workshop, context)
    let place = try WatchPlace(session, settle: call[settle] ?? 1)
    if call[list] { return try list(call, place) }
    if let object = call[retry] { return try retry(object, place) }
    let options = WatchOptions(
      call: call, jobs: try session.jobs(call), endpoint: call[endpoint], isOnce: call[once],
      interval: call[interval] ?? 1, isJSON: call[json])
    return try Signals.guarding { try Watcher(place, options, signals: $0).run() }
  }

  private func ledger(_ place: WatchPlace) throws -> InboxLedger {
    try InboxLedger(
      StoreLayout(root: place.session.storeRoot()), name: place.ledgerName(), readOnly: true)
  }

  /// All that arrived, and what became of it.
  private func list(_ call: Call, _ place: WatchPlace) throws -> Int32 {
    for arrival in try ledger(place).arrivals {
      try place.session.output.data(
        (call[json] ? JSONValue.object(arrival.json).canonicalText() : WatchText.line(arrival))
          + "\n")
    }
    return ExitCode.success
  }

  /// Requests another attempt of an object's newest content.
  private func retry(_ object: String, _ place: WatchPlace) throws -> Int32 {
    let ledger = try ledger(place)
    guard let arrival = ledger.arrivals.last(where: { $0.object == object }) else {
      throw UsageError(
        "'\(object)' never arrived at \(place.shown)."
          + Suggestion.text(for: object, among: Set(ledger.arrivals.map(\.object)).sorted()))
    }
    guard arrival.state == .failed else {
      throw UsageError("'\(object)' is \(arrival.state.rawValue); only what failed is tried again")
    }
    try ledger.askForRetry(arrival)
    place.session.output.message(
      "\(object) is tried again by the running watcher, or by the next one")
    return ExitCode.success
  }
}

/// What the command line says of a watch.
struct WatchOptions {
  let call: Call
  let jobs: Int
  let endpoint: String?
  let isOnce: Bool
  /// Seconds between two checks.
  let interval: Double
  let isJSON: Bool
}

enum WatchText {
  /// An arrival on one line.
  static func line(_ arrival: Arrival) -> String {
    let last = arrival.reason ?? arrival.run.map { "run \($0)" } ?? ""
    return DisplayText.clean(
      "\(arrival.arrived.iso8601)  \(Text.pad(arrival.state.rawValue, 8))"
        + "\(arrival.digest.short)  \(arrival.object)"
        + (last.isEmpty ? "" : "  \(last)"))
  }
}
