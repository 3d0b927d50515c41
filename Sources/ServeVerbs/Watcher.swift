// The loop of `atelier watch`: looks, takes over what arrived, runs what waits, rests.
import AtelierStep
import CSystem
import CommandLine
import Content
import Inbox
import LocalStores
import Project
import RemoteCache
import StoreFolder
import Terminal

struct Watcher {
  private let place: WatchPlace
  private let options: WatchOptions
  private let signals: Signals
  private let layout: StoreLayout
  /// Rests of this many seconds at most while a bucket cannot be reached.
  private static let longestRest = 60.0

  init(_ place: WatchPlace, _ options: WatchOptions, signals: Signals) throws {
    self.place = place
    self.options = options
    self.signals = signals
    layout = StoreLayout(root: try place.session.storeRoot())
  }

  func run() throws -> Int32 {
    try place.prepare()
    // The store's own folders are made before anything of ours lies between them.
    try LocalStore.open(root: layout.root, readOnly: false).close()
    let ledger = try InboxLedger(layout, name: place.ledgerName(), readOnly: false)
    let isOnce = options.isOnce
    let output = place.session.output
    output.message("watching \(place.shown)" + (isOnce ? "" : "; end with Ctrl-C"))
    var failures = 0
    var rest = options.interval
    while !signals.token.isCancelled {
      do {
        for arrival in try ledger.takeRetries() { try say("retry", arrival) }
        let unfinished = try receive(ledger)
        rest = options.interval
        if let arrival = ledger.next {
          if try process(arrival, ledger) == .failed { failures += 1 }
          // What arrived meanwhile gets its place behind what waits.
          continue
        }
        if isOnce, unfinished.isEmpty { break }
      } catch let failure as RemoteFailure
        where !isOnce && failure.kind != .unusable && !signals.token.isCancelled
      {
        rest = min(max(rest, 1) * 2, Self.longestRest)
        output.message("note: \(failure); looking again in \(Text.seconds(rest))")
      }
      signals.token.wait(seconds: rest)
    }
    if signals.token.isCancelled { return signals.code }
    return failures == 0 ? ExitCode.success : ExitCode.stepFailed
  }

  /// Takes over what arrived; the names of what is still being written.
  private func receive(_ ledger: InboxLedger) throws -> [String] {
    // Only read, so that a look does not stand in the way of cleaning.
    let store = try LocalStore.open(root: layout.root, readOnly: true)
    let found = try ledger.receive(
      from: place.open(store, RemoteUse(isCancelled: { signals.token.isCancelled })), now: .now())
    for arrival in found.arrivals { try say("arrived", arrival) }
    return found.unfinished
  }

  private func process(_ arrival: Arrival, _ ledger: InboxLedger) throws -> Arrival.State {
    var arrival = arrival
    arrival.attempts += 1
    try ledger.update(arrival)
    try say("started", arrival)
    switch try WatchRun(place, arrival, file: ledger.file(of: arrival), options, signals).run() {
    case .cancelled: return .waiting
    case .done(let run):
      arrival.state = .done
      arrival.run = run
      arrival.reason = nil
    case .failed(let run, let reason):
      arrival.state = .failed
      arrival.run = run
      arrival.reason = reason
    }
    arrival.ended = .now()
    try ledger.update(arrival)
    try say(arrival.state.rawValue, arrival)
    return arrival.state
  }

  private func say(_ event: String, _ arrival: Arrival) throws {
    if options.isJSON {
      let json = arrival.json.merging(["event": .string(event)]) { $1 }
      try place.session.output.data(JSONValue.object(json).canonicalText() + "\n")
    } else {
      let last = arrival.reason.map { ": \($0)" } ?? ""
      try place.session.output.data(
        DisplayText.clean("\(Text.pad(event, 8)) \(arrival.object)\(last)") + "\n")
    }
  }
}
