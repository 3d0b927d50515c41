// The columns of an event: their paths, what they hold, and which are required. It reads no file.
import DuckDB
import ValueSQL

/// A value of an event by its path through structs.
struct EventColumn: Hashable {
  enum Kind: Hashable {
    /// A text or a whole number: who or which.
    case identifier
    case text
    case number
    case boolean
    case time
  }

  let path: [String]
  let kind: Kind
  var isRequired = false

  /// The name with dots, which is also that of a column in CSV.
  var name: String { path.joined(separator: ".") }

  init(_ name: String, _ kind: Kind = .text, isRequired: Bool = false) {
    path = name.split(separator: ".").map(String.init)
    self.kind = kind
    self.isRequired = isRequired
  }

  /// What a value should be, as in `'x' is not ...`.
  var expected: String {
    switch kind {
    case .identifier: "a text or a whole number"
    case .text: "a text"
    case .number: "a number such as 1"
    case .boolean: "true or false"
    case .time:
      "a time such as 2024-05-01T12:30:00Z, from \(ValueText.eventYears.lowerBound) to "
        + "\(ValueText.eventYears.upperBound)"
    }
  }

  /// The type of the column in the table of events.
  var type: String {
    switch kind {
    case .identifier, .text: "VARCHAR"
    case .number: "DOUBLE"
    case .boolean: "BOOLEAN"
    case .time: "TIMESTAMP"
    }
  }

  /// The columns of an event of a tenant.
  static func all(tenant: String) -> [EventColumn] {
    [
      EventColumn("_id", .identifier, isRequired: true),
      EventColumn("eventType", .identifier, isRequired: true),
      EventColumn("timestamp", .time, isRequired: true),
      EventColumn("_\(tenant).cmle_id", .identifier, isRequired: true),
      EventColumn("producedBy"), EventColumn("eventMergeId"),
      EventColumn("directMarketing.emailDelivered.value", .number),
      EventColumn("directMarketing.sends.value", .number),
      EventColumn("directMarketing.emailVisitorID"), EventColumn("directMarketing.hashedEmail"),
      EventColumn("directMarketing.messageID"),
      EventColumn("directMarketing.offerOpens.value", .number),
      EventColumn("directMarketing.opens.value", .number),
      EventColumn("directMarketing.clicks.value", .number),
      EventColumn("web.webInteraction.linkClicks.value", .number),
      EventColumn("web.webInteraction.URL"), EventColumn("web.webInteraction.name"),
      EventColumn("web.webInteraction.region"), EventColumn("web.webInteraction.type"),
      EventColumn("web.webPageDetails.pageViews.value", .number),
      EventColumn("web.webPageDetails.URL"),
      EventColumn("web.webPageDetails.isErrorPage", .boolean),
      EventColumn("web.webPageDetails.name"), EventColumn("web.webPageDetails.server"),
      EventColumn("web.webPageDetails.siteSection"), EventColumn("web.webPageDetails.viewName"),
      EventColumn("web.webReferrer.URL"), EventColumn("web.webReferrer.type"),
    ]
  }

  /// The structs that hold the columns, each with the path of names to it.
  static func structs(_ columns: [EventColumn]) -> [[String]] {
    var found: [[String]] = []
    for column in columns {
      for depth in 1..<max(1, column.path.count) {
        let path = Array(column.path[..<depth])
        if !found.contains(path) { found.append(path) }
      }
    }
    return found
  }
}
