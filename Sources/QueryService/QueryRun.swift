// A query of the API as the platform tells it. It sends nothing.
import AdobePlatform
import Content
import HTTP

/// A query that runs on the platform, or has run.
package struct QueryRun: Sendable, Hashable {
  package enum State: String, Sendable, Hashable {
    case submitted = "SUBMITTED"
    case running = "IN_PROGRESS"
    case succeeded = "SUCCESS"
    case failed = "FAILED"
    case killed = "KILLED"
    case timedOut = "TIMEOUT"
  }

  package let id: String
  /// The word of the platform.
  package let word: String
  package let sql: String
  package let rows: Int64?
  /// The id of the data set that it created.
  package let created: String?
  /// When it changed last; nil where that is not told.
  package let updated: UnixTime?
  /// What it says of its errors, for a message; empty where it says nothing.
  package let errors: String

  package var state: State? { State(rawValue: word) }

  /// Nil for something that is no query.
  init?(_ json: JSONValue) {
    guard let id = json["id"]?.string, PlatformID.isValid(id) else { return nil }
    self.id = id
    word = json["state"]?.string ?? "unknown"
    sql = json["request"]?["sql"]?.string ?? json["sql"]?.string ?? ""
    rows = json["rowCount"]?.integer(in: 0...(1 << 53))
    created = Self.created(json["_links"]?["created_dataset"])
    updated = json["updated"]?.string.flatMap { UnixTime(iso8601: $0) }
    errors = (json["errors"]?.array ?? []).prefix(3).compactMap { error in
      let words = [error["code"]?.string, error["message"]?.string].compactMap(\.self)
      return words.isEmpty ? nil : String(words.joined(separator: " ").prefix(500))
    }.joined(separator: "; ")
  }

  /// The id stands in a member of its own, or at the end of the link.
  private static func created(_ link: JSONValue?) -> String? {
    let text =
      link?["id"]?.string ?? link?["href"]?.string?.split(separator: "/").last.map(String.init)
    return text.flatMap { PlatformID.isValid($0) ? $0 : nil }
  }

  /// Whether it will never succeed.
  package var hasFailed: Bool { [.failed, .killed, .timedOut].contains(state) }
}

/// A query that made no table.
package struct FailedQuery: Error, Hashable, Sendable, CustomStringConvertible {
  package let query: String
  package let table: String
  package let state: String
  package let reason: String

  package var description: String {
    "query \(query), which creates the table \(table), ended \(state)"
      + (reason.isEmpty ? "" : ": \(reason)")
      + "; see it under Queries > Log in the platform's user interface; the next run sends it again, "
      + "under another table's name"
  }
}
