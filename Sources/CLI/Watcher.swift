// The loop of `atelier watch`: looks, takes over what arrived, runs what waits, rests.
import AtelierStep
import CSystem
import Content
import Engine
import Inbox
import LocalStores
import RemoteCache

struct Watcher {
  private let place: WatchPlace
  private let arguments: Arguments
  private let interval: Double
  private let signals: Signals
  private let layout: StoreLayout
  /// Rests of this many seconds at most while a bucket cannot be reached.
  private static let longestRest = 60.0

  init(
    _ place: WatchPlace, _ arguments: Arguments, interval: Double, signals: Signals
  ) throws {
    self.place = place
    self.arguments = arguments
    self.interval = interval
    self.signals = signals
    layout = StoreLayout(root: try place.session.storeRoot())
  }

  func run() throws -> Int32 {
    try place.prepare()
    // The store's own folders are made before anything of ours lies between them.
    try LocalStore.open(root: layout.root, readOnly: false).close()
    let ledger = try InboxLedger(layout, name: place.ledgerName(), readOnly: false)
    let isOnce = arguments.has("once")
    Console.talk("watching \(place.shown)" + (isOnce ? "" : "; end with Ctrl-C"))
    var failures = 0
    var rest = interval
    while !signals.token.isCancelled {
      do {
        for arrival in try ledger.takeRetries() { try say("retry", arrival) }
        let unfinished = try receive(ledger)
        rest = interval
        if let arrival = ledger.next {
          if try process(arrival, ledger) == .failed { failures += 1 }
          // What arrived meanwhile gets its place behind what waits.
          continue
        }
        if isOnce, unfinished.isEmpty { break }
      } catch let failure as RemoteFailure where !isOnce && failure.kind != .unusable {
        rest = min(max(rest, 1) * 2, Self.longestRest)
        Console.talk("note: \(failure); looking again in \(Text.seconds(rest))")
      }
      signals.token.wait(seconds: rest)
    }
    if signals.token.isCancelled {
      return signals.received == 15 ? ExitCode.terminated : ExitCode.interrupted
    }
    return failures == 0 ? ExitCode.fine : ExitCode.stepFailed
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
    switch try WatchRun(place, arrival, file: ledger.file(of: arrival), arguments, signals).run() {
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
    if arguments.has("json") {
      let json = arrival.json.merging(["event": .string(event)]) { $1 }
      Console.data(try JSONValue.object(json).canonicalText() + "\n")
    } else {
      let last = arrival.reason.map { ": \($0)" } ?? ""
      Console.data(DisplayText.clean("\(Text.pad(event, 8)) \(arrival.object)\(last)") + "\n")
    }
  }
}
