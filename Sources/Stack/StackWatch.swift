// Follows an operation that CloudFormation carries out: its events in order, each once, to the end.
import AWS
import CloudFormation

/// Looks at a stack until nothing moves any more.
struct StackWatch {
  private let services: StackServices
  private let stack: String
  private let advice: String
  private var seen: Set<String> = []
  private var reasons: [String] = []

  /// Skips what happened before this moment.
  ///
  /// `advice` tells what to do after an interruption.
  init(
    _ services: StackServices, stack: String, advice: String
  ) throws(StackFailure) {
    self.services = services
    self.stack = stack
    self.advice = advice
    let events = try news()
    seen = Set(events.map(\.id))
  }

  /// Begins with the operation that is going on: only what happened before it is skipped.
  init(
    resuming stack: String, _ services: StackServices, advice: String
  ) throws(StackFailure) {
    self.services = services
    self.stack = stack
    self.advice = advice
    let events = try news()
    let start = events.firstIndex { $0.beginsOperation } ?? events.count - 1
    seen = Set(events.dropFirst(start + 1).map(\.id))
  }

  /// Reports each new event and gives the stack as it is at the end.
  ///
  /// Throws `StackFailure.failed` with the resources' reasons unless `isFine` says that the end is
  /// as wished.
  mutating func wait(
    report: (StackEvent) -> Void, isFine: (StackDescription) -> Bool
  ) throws(StackFailure) -> StackDescription {
    var patience = Patience(longest: 5)
    while true {
      // The status first: what happened before it was read is among the events read after it.
      let found = try asking("CloudFormation", advice: advice) { try services.cloud.stack(stack) }
      let events = try found == nil ? [] : news()
      for event in events.reversed() {
        seen.insert(event.id)
        if event.isFailure {
          reasons.append("\(event.resource) (\(event.type)): \(event.reason ?? "no reason given")")
        }
        report(event)
      }
      guard let now = found else {
        return StackDescription(id: stack, name: stack, status: "DELETE_COMPLETE")
      }
      guard now.isMoving else {
        guard isFine(now) else { throw .failed(now, reasons: reasons) }
        return now
      }
      if events.isEmpty { patience.nothingHappened() } else { patience.somethingHappened() }
      try services.pause(patience.seconds, advice: advice)
    }
  }

  /// The events that were not seen yet, newest first.
  private func news() throws(StackFailure) -> [StackEvent] {
    try asking("CloudFormation", advice: advice) {
      try services.cloud.events(of: stack) { seen.contains($0.id) }
    }
  }
}
