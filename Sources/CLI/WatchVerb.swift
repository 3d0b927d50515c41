// `atelier watch`: a run for each file that arrives, once for each content of it, in order.
import CSystem
import Content
import Engine
import Inbox
import LocalStores

enum WatchVerb {
  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let session = try Session(wholeWorkshop: arguments, house, use: "runs all of it")
    let place = try WatchPlace(session, settle: seconds(arguments, "settle", 1))
    if arguments.has("list") { return try list(arguments, place) }
    if let object = arguments.value("retry") { return try retry(object, place) }
    return try Watcher(
      place, arguments, interval: seconds(arguments, "interval", 1), signals: Signals()
    ).run()
  }

  private static func seconds(
    _ arguments: Arguments, _ name: String, _ standard: Double
  ) throws -> Double {
    guard let text = arguments.value(name) else { return standard }
    guard let value = Double(text), value.isFinite, (0...86_400).contains(value) else {
      throw UsageError("--\(name) takes seconds from 0 to 86400, not '\(text)'")
    }
    return value
  }

  private static func ledger(_ place: WatchPlace) throws -> InboxLedger {
    try InboxLedger(
      StoreLayout(root: place.session.storeRoot()), name: place.ledgerName(), readOnly: true)
  }

  /// All that arrived, and what became of it.
  private static func list(_ arguments: Arguments, _ place: WatchPlace) throws -> Int32 {
    for arrival in try ledger(place).arrivals {
      if arguments.has("json") {
        Console.data(try JSONValue.object(arrival.json).canonicalText() + "\n")
      } else {
        Console.data(WatchText.line(arrival) + "\n")
      }
    }
    return ExitCode.fine
  }

  /// Asks for another attempt of an object's newest content.
  private static func retry(_ object: String, _ place: WatchPlace) throws -> Int32 {
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
    Console.talk("\(object) is tried again by the watcher that runs, or by the next one")
    return ExitCode.fine
  }
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
