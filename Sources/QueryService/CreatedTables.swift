// A table by CREATE TABLE AS, made once, also when the process is killed on the way.
import AdobePlatform
import Content
import FileTools
import HTTP

/// Creates tables on the platform.
///
/// A query is known by its table's name, which stands in its SQL: the API has no filter for its own
/// name.
package struct CreatedTables: Sendable {
  package let client: PlatformClient
  static let root = "/data/foundation/query/queries"
  /// Queries for one table that may end badly before nothing more is sent.
  static let mostAttempts = 20
  /// Seconds after which Catalog has a data set that a query made, or it is gone.
  private static let listingSeconds: Int64 = 600

  /// Asked before a statement is sent; may throw, and then nothing is sent.
  package var willSend: @Sendable (String) throws -> Void = { _ in }

  package init(_ client: PlatformClient) { self.client = client }

  /// The table of an effect's name: `atelier_` and the digits, since a hyphen cannot stand in SQL.
  package static func table(of name: String, attempt: Int = 1) -> String {
    name.replacing("-", with: "_") + (attempt == 1 ? "" : "_\(attempt)")
  }

  /// What there is of a table when an attempt begins.
  private enum Begun {
    case query(QueryRun)
    /// The platform has forgotten the query, and the data set is whole.
    case made(DataSetVersion)
  }

  /// Makes a table of the rows of a SELECT and gives its version: the data set and its batches.
  ///
  /// Success needs the state SUCCESS, the data set and the number of rows, and as many records in
  /// Catalog. A query that failed, was killed or ran out of time throws `FailedQuery`; the next call makes
  /// another attempt under another name. Asked to stop, it cancels the query. Killed at any point, the
  /// next call goes on: a query that is there is waited for.
  package func createTable(as select: String, intent: IntentFile) throws -> DataSetVersion {
    let (begun, attempt) = try begin(select, intent)
    let table = Self.table(of: intent.name, attempt: attempt)
    var ids = ["attempt": "\(attempt)"]
    guard case .query(let query) = begun else {
      guard case .made(let version) = begun else { preconditionFailure("there are two cases") }
      ids["dataset"] = version.dataset
      try intent.save(Intent(phase: "done", ids: ids))
      return version
    }
    ids["query"] = query.id
    do {
      let (dataset, rows) = try result(of: ended(query, orOther: table), table)
      ids["dataset"] = dataset
      try intent.save(Intent(phase: "created", ids: ids))
      let version = try counted(dataset, rows, table)
      try intent.save(Intent(phase: "done", ids: ids))
      return version
    } catch {
      let isStopped = (error as? TransportFailure)?.kind == .cancelled && ids["dataset"] == nil
      if error is FailedQuery || (isStopped && cancel(query)) {
        try intent.save(Intent(phase: "failed", ids: ids))
      }
      throw error
    }
  }

  /// The query that makes the table: the one that is there, else a new one; and which attempt it is.
  private func begin(_ select: String, _ intent: IntentFile) throws -> (Begun, Int) {
    let known = try intent.load()
    let last = min(max(known?.ids["attempt"].flatMap { Int($0) } ?? 1, 1), Self.mostAttempts)
    // A table that was whole and is gone is made anew under another name: its query tells of it still.
    let isOver = try known?.phase == "failed" || isGone(known)
    var attempt = isOver ? last + 1 : last
    var remembered = isOver ? nil : known?.ids["query"]
    while attempt <= Self.mostAttempts {
      let table = Self.table(of: intent.name, attempt: attempt)
      var ids = ["attempt": "\(attempt)"]
      if let remembered { ids["query"] = remembered }
      try intent.save(Intent(phase: "asked", ids: ids))
      var isNew = false
      let begun = try client.once {
        try find(table, remembered)
      } make: {
        isNew = true
        return .query(try make(table, select, intent.name))
      }
      guard case .query(let query) = begun else { return (begun, attempt) }
      // A failure that nobody has reported yet is reported; an older one is tried again.
      let isOurs = isNew || (known != nil && attempt == last && known?.phase != "failed")
      let isUsable = try !query.hasFailed && (isNew || !isForgotten(query))
      if isUsable || (query.hasFailed && isOurs) {
        ids["query"] = query.id
        try intent.save(Intent(phase: "sent", ids: ids))
        return (begun, attempt)
      }
      attempt += 1
      remembered = nil
    }
    throw FailedQuery(
      query: "-", table: Self.table(of: intent.name), state: "FAILED",
      reason: "\(Self.mostAttempts) queries for it failed; nothing more is sent")
  }
}

extension CreatedTables {
  /// Whether the data set of an effect that was done is no longer there.
  private func isGone(_ known: Intent?) throws -> Bool {
    guard let known, known.phase == "done", let dataset = known.ids["dataset"] else { return false }
    return try Catalog(client).dataSet(dataset) == nil
  }

  /// Whether a query succeeded a while ago, and the data set that it made is not there.
  ///
  /// Catalog may list a new one late, so a young query is waited for.
  private func isForgotten(_ query: QueryRun) throws -> Bool {
    guard query.state == .succeeded, let dataset = query.created, let updated = query.updated,
      client.timing.now().seconds - updated.seconds > Self.listingSeconds
    else { return false }
    return try Catalog(client).dataSet(dataset) == nil
  }

  /// The query for a table, or its data set where the log of queries no longer has it.
  private func find(_ table: String, _ remembered: String?) throws -> Begun? {
    let datasets = try Catalog(client).dataSets(named: table)
    if let remembered, let json = try client.find("\(Self.root)/\(pathPart(remembered))"),
      let query = QueryRun(json)
    {
      return .query(query)
    }
    let start = "CREATE TABLE \(table) AS\n"
    let queries = try client.linkedEntries(
      Self.root, [QueryItem("property", "sql~\(table)"), QueryItem("orderby", "-created")],
      list: "queries"
    ).compactMap { QueryRun($0) }.filter { $0.sql.hasPrefix(start) }
    if let query = queries.first(where: { !$0.hasFailed }) ?? queries.first {
      return .query(query)
    }
    guard let dataset = datasets.first else { return nil }
    let batches = try Catalog(client).batches(of: dataset.id)
    guard !batches.isEmpty, batches.allSatisfy(\.hasSucceeded),
      let version = try Catalog(client).version(of: dataset.id)
    else {
      throw FailedQuery(
        query: "-", table: table, state: "unknown",
        reason:
          "the data set \(dataset.id) is there, its query is not, and it is not whole; delete "
          + "the data set")
    }
    return .made(version)
  }

  /// Sends the statement; the caller has looked for it.
  private func make(_ table: String, _ select: String, _ name: String) throws -> QueryRun {
    try willSend(table)
    let answer = try client.post(
      Self.root, [],
      [
        "name": .string(name), "dbName": .string("\(client.settings.sandbox):all"),
        "sql": .string("CREATE TABLE \(table) AS\n\(select)"),
      ])
    guard let query = QueryRun(answer) else {
      throw UnexpectedAnswer("POST \(Self.root)", expected: "id of the query")
    }
    return query
  }

  /// The query at its end, or that of another process which was first with the table.
  private func ended(_ query: QueryRun, orOther table: String) throws -> QueryRun {
    do {
      return try ended(query, table)
    } catch let failure as FailedQuery {
      guard failure.reason.contains("already exists"),
        case .query(let other)? = try find(table, nil),
        other.id != query.id, !other.hasFailed
      else { throw failure }
      return try ended(other, table)
    }
  }

  /// The query at its end; throws `FailedQuery` for a bad one.
  private func ended(_ query: QueryRun, _ table: String) throws -> QueryRun {
    let path = "\(Self.root)/\(pathPart(query.id))"
    return try client.wait(for: "query \(query.id), which creates the table \(table),") {
      guard let found = try client.find(path).flatMap({ QueryRun($0) }) else {
        return .waiting("not listed yet")
      }
      guard !found.hasFailed else {
        throw FailedQuery(query: found.id, table: table, state: found.word, reason: found.errors)
      }
      return found.state == .succeeded ? .done(found) : .waiting(found.word)
    }
  }

  /// The data set and the rows of a query that says that it succeeded.
  private func result(of query: QueryRun, _ table: String) throws -> (String, Int64) {
    guard let dataset = query.created, let rows = query.rows else {
      throw FailedQuery(
        query: query.id, table: table, state: query.word,
        reason:
          "it names no \(query.created == nil ? "data set" : "number of rows"), so a handler may "
          + "have hidden an error" + (query.errors.isEmpty ? "" : ": \(query.errors)"))
    }
    return (dataset, rows)
  }

  /// The version of the data set once Catalog has all rows.
  private func counted(_ dataset: String, _ rows: Int64, _ table: String) throws -> DataSetVersion {
    try client.wait(for: "the data set \(dataset) of the table \(table)") {
      guard let version = try Catalog(client).version(of: dataset) else {
        return .waiting("not in Catalog yet")
      }
      guard version.records <= rows else {
        throw FailedQuery(
          query: "-", table: table, state: "SUCCESS",
          reason:
            "it made \(rows) rows, and the data set \(dataset) has \(version.records): somebody "
            + "else writes into it")
      }
      return version.records == rows
        ? .done(version) : .waiting("\(version.records) of \(rows) rows in Catalog")
    }
  }

  /// Cancels a query for somebody who wants to stop; whether the platform took it.
  private func cancel(_ query: QueryRun) -> Bool {
    var client = client
    client.isCancelled = { false }
    client.retries = .never
    var request = PlatformRequest(
      "PATCH", "\(Self.root)/\(pathPart(query.id))", isRepeatable: true)
    request.contentType = "application/json"
    guard let body = try? (["op": "cancel"] as JSONValue).canonicalBytes() else { return false }
    request.body = .bytes(body)
    return (try? client.bytes(request)) != nil
  }
}
