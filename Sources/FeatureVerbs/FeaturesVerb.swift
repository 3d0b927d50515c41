// `atelier features`: what feature groups hold, and the end of one. It changes no record.
import Atelier
import AtelierStep
import CommandLine
import Project
import Subprocess
import Terminal

/// The verbs about feature groups.
package enum FeatureVerbs {
  package static let group = VerbGroup<VerbContext>(
    "features", "read feature groups: records, their history, SQL over them; delete one",
    details: """
      The groups are those below [AWS] s3_bucket_name and s3_prefix of each workshop that keeps
      features (with -w: of that one): in the local store, or with [Atelier] store = s3 in the bucket.
      A record holds from its event time on. Nothing is changed but by delete; files of a bucket are
      fetched into the local store.
      """,
    verbs: [
      FeatureList(), FeatureDescribe(), FeatureGet(), FeatureQuery(), FeaturePush(),
      FeatureExport(), FeatureDelete(),
    ])
}

/// How records are printed.
enum FeatureFormat: String, CaseIterable { case table, csv, json }

extension FeatureCall {
  /// Opens the groups, and runs `body`; a signal ends it with its code.
  static func run(
    _ call: Call, _ context: VerbContext, isJSON: Bool = false, usesPager: Bool = true,
    writes: Bool = false, _ body: (FeatureCall) throws -> Int32
  ) throws -> Int32 {
    return try Signals.guarding { signals in
      let places = try FeaturePlaces(call, context, writes: writes) { signals.token.isCancelled }
      defer { places.close() }
      return try body(
        FeatureCall(
          output: context.output, isJSON: isJSON, usesPager: usesPager, places: places,
          token: signals.token))
    }
  }
}

struct FeatureList: Verb {
  let name = "list"
  let summary = "the groups with their counts and their first and last event time"
  let examples = [Example("atelier features list", "what is there")]
  let json = Shared.json

  var parameters: [any Parameter] { [json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try FeatureCall.run(call, context, isJSON: call[json]) { try $0.list() }
  }
}

struct FeatureDescribe: Verb {
  let name = "describe"
  let summary = "features with types and the version that added them, and each ingestion"
  let examples = [
    Example("atelier features describe abalone", "its features and ingestions")
  ]
  let group = Argument("GROUP", completion: .named("feature-groups"))
  let noPager = Shared.noPager
  let json = Shared.json

  var parameters: [any Parameter] { [group, noPager, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try FeatureCall.run(call, context, isJSON: call[json], usesPager: !call[noPager]) {
      try $0.describe(call.word(group))
    }
  }
}

struct FeatureGet: Verb {
  let name = "get"
  let summary = "the latest record of an identifier, or with --at the one that held then"
  let details = """
    Exits 1 where there is none. Write -- before an identifier that begins with a hyphen. --compare
    prints the record of SageMaker's online store beside it, and exits 3 where they differ.
    """
  let examples = [
    Example(
      "atelier features get abalone 17 --at 2026-11-01T12:00:00Z", "the record that held then")
  ]
  let group = Argument("GROUP", completion: .named("feature-groups"))
  let id = Argument("ID")
  let at = Option<Double>(
    "at", value: "TIME",
    "as of this event time, ISO 8601 (UTC unless it says otherwise) or seconds since 1970"
  ) { text in
    guard let seconds = Moment.seconds(text) else {
      throw UsageError(
        "--at takes ISO 8601 such as 2026-11-01T12:00:00Z, or seconds since 1970, not '\(text)'")
    }
    return seconds
  }
  let compare = Flag("compare", "with the latest record of SageMaker's online store")
  let format = Option<FeatureFormat>("format", value: "FORMAT", "table (default), csv or json")
  let noPager = Shared.noPager

  var parameters: [any Parameter] { [group, id, at, compare, format, noPager] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    if call[compare], call[at] != nil || call[format] != nil {
      throw UsageError("--compare goes with neither --at nor --format; leave them out")
    }
    return try FeatureCall.run(call, context, usesPager: !call[noPager]) {
      if call[compare] { return try $0.compare(call.word(group), call.word(id)) }
      return try $0.get(call.word(group), call.word(id), at: call[at], call[format] ?? .table)
    }
  }
}

struct FeatureQuery: Verb {
  let name = "query"
  let summary = "one SELECT over the groups"
  let details = """
    A hyphen of a group's name is an underscore:
      GROUP            every record, with batch (its ingestion) and batch_row
      GROUP_latest     the latest record of each identifier
      GROUP_at(TIME)   the same as of a time in seconds since 1970; see epoch()
    It can read the groups and nothing else, and it can write nothing.
    """
  let examples = [
    Example(
      "atelier features query 'SELECT count(*) FROM abalone_latest'", "SQL over the online view"),
    Example(
      "atelier features query 'FROM abalone_at(1793534400) ORDER BY 1' --format csv",
      "all records as of a time"),
  ]
  let query = Argument("'SELECT ...'")
  let format = Option<FeatureFormat>("format", value: "FORMAT", "table (default), csv or json")
  let limit = Shared.limit("at most this many rows of a table (default 40 on a terminal)")
  let noPager = Shared.noPager

  var parameters: [any Parameter] { [query, format, limit, noPager] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try FeatureCall.run(call, context, usesPager: !call[noPager]) {
      try $0.query(call.word(query), limit: call[limit], call[format] ?? .table)
    }
  }
}

struct FeatureDelete: Verb {
  let name = "delete"
  let summary = "remove a group with all its records"
  let details = """
    All records and the log of the group are removed where they are kept, on this machine or in the
    bucket; results in the store and exports stay. A run that ingests into the group makes it anew.
    With --service the group that `features push` made at SageMaker is removed instead; offline files
    that SageMaker has written stay in their bucket.
    """
  let examples = [
    Example("atelier features delete abalone -n", "how much that would be"),
    Example("atelier features delete abalone", "remove it"),
  ]
  let group = Argument("GROUP", completion: .named("feature-groups"))
  let service = Flag("service", "remove the group of SageMaker, and nothing here")
  let dryRun = Flag("dry-run", short: "n", "only report, remove nothing")
  let json = Shared.json

  var parameters: [any Parameter] { [group, service, dryRun, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    if call[service] {
      guard !call[dryRun], !call[json] else {
        throw UsageError("--service goes with neither --dry-run nor --json; leave them out")
      }
      return try FeatureCall.run(call, context) { try $0.deleteAtService(call.word(group)) }
    }
    return try FeatureCall.run(call, context, isJSON: call[json], writes: !call[dryRun]) {
      try $0.delete(call.word(group), isDryRun: call[dryRun])
    }
  }
}
