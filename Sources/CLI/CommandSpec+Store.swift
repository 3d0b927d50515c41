// What the verbs of the store take.

extension CommandSpec {
  static let storeVerbs = CommandSpec(
    name: "store", summary: "share, check and clean the store",
    arguments: StoreVerb.allCases.map(\.rawValue).joined(separator: " | ") + " ...",
    count: 1...1000,
    options: [
      OptionSpec(name: "all", help: "push, pull: every result, not only those of the targets"),
      OptionSpec(name: "remote", help: "fsck, gc: look at the bucket, not at the local store"),
      OptionSpec(name: "dry-run", short: "n", help: "fsck: only report, move nothing"),
      OptionSpec(name: "delete", help: "gc: remove what is listed"),
      OptionSpec(
        name: "keep-runs", value: "N",
        help: "gc: keep all that the newest N run records of a workshop hold (default 10)"),
      OptionSpec(
        name: "max-age", value: "AGE",
        help: "gc: other results go when unused for so long: 12h, 30d (default), 8w; 0d: all go"),
      OptionSpec(
        name: "max-size", value: "SIZE",
        help: "gc: other results go, the least recently used first, until the blobs are that small"
      ),
      .json,
    ],
    details: """
      push [target ...]   sends results, their bytes and their run records that the bucket lacks;
                          other outputs of the same key there stay, are named, and end it with 4
      pull [target ...]   fetches what the targets' results need, so that a run works offline;
                          ends with 3 when a result is nowhere
      fsck                hashes every byte, looks at results, run records, trees and the index; what
                          is damaged goes to .atelier/quarantine; names the steps that run again;
                          ends with 6 when it found damage
      gc                  says what could go; with --delete removes it
      tag [NAME [RUN]]    names a run (default: the newest), whose results gc keeps; lists the tags
      untag NAME          forgets the name

      push and pull mean the bucket of [AWS] s3_bucket_name and s3_prefix, also with
      [Atelier] store = local; out of reach ends with 5. Without a target: the whole workshop.

      gc keeps what the newest run records and the tagged ones hold. Other results stay by their last
      use: the time at which they were written or the start of the last recorded run that holds them,
      whichever is later; a hit by itself leaves no trace. Results that lack a blob go, and blobs that
      no result needs. It refuses to remove beside a run (5), and a run that starts meanwhile waits;
      show, status and all that only look may go on. In a bucket nothing younger than 24 hours is
      removed, results go before blobs, and the tags that count are this machine's.
      """,
    examples: [
      ("atelier store gc", "what could go"),
      ("atelier store gc --delete --max-age 7d --max-size 20GB", "a small store"),
      ("atelier store fsck", "is every byte what it was?"),
      ("atelier store push week3", "share results that were made with store = local"),
      ("atelier store tag before-rewrite", "keep what the last run holds"),
    ])
}
