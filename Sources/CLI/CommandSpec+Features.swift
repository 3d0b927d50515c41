// What the verb about feature groups takes.

extension CommandSpec {
  static let featuresVerb = CommandSpec(
    name: "features", summary: "look into feature groups: records, their history, SQL over them",
    arguments: "list | describe GROUP | get GROUP ID | query 'SELECT ...'", count: 1...1000,
    options: [
      OptionSpec(
        name: "workshop", value: "NAME",
        help: "only the groups of this workshop (default: of all that keep features)"),
      OptionSpec(
        name: "at", value: "TIME",
        help: "get: as of this event time, ISO 8601 (UTC unless it says otherwise) or seconds"),
      OptionSpec(
        name: "format", value: "FORMAT", choices: ["table", "csv", "json"],
        help: "get, query: table (default), csv or json"),
      OptionSpec(
        name: "limit", value: "ROWS", help: "query: at most so many rows of a table (default 40)"),
      OptionSpec(name: "no-pager", help: "never page what is longer than the terminal"),
      OptionSpec(name: "json", help: "list, describe: print JSON, an object a group"),
    ],
    details: """
      list      the groups with their counts and their first and last event time
      describe  features with types and the version that brought them, and each ingestion
      get       the latest record of an identifier, or with --at the one that held then; exits 1
                where there is none. Write -- before an identifier that begins with a hyphen.
      query     one SELECT over the groups; a hyphen of a group's name is an underscore:
                  GROUP            every record, with batch (its ingestion) and batch_row
                  GROUP_latest     the latest record of each identifier
                  GROUP_at(TIME)   the same as of a time in seconds since 1970; see epoch()
                It can read the groups and nothing else, and it can write nothing.

      The groups are those below [AWS] s3_bucket_name and s3_prefix of each workshop that keeps
      features: in the local store, or with [Atelier] store = s3 in the bucket. A record holds from
      its event time on. Nothing is changed; files of a bucket are fetched into the local store.
      """,
    examples: [
      ("atelier features list", "what is there"),
      ("atelier features describe abalone", "its features and ingestions"),
      ("atelier features get abalone 17 --at 2026-11-01T12:00:00Z", "the record that held then"),
      ("atelier features query 'SELECT count(*) FROM abalone_latest'", "SQL over the online view"),
      (
        "atelier features query 'FROM abalone_at(1793534400) ORDER BY 1' --format csv",
        "all records as of a time"
      ),
    ])
}
