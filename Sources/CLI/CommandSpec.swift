// What each verb takes, as data: parsing, help and suggestions read the same table.

/// One option of a verb.
struct OptionSpec: Sendable {
  let name: String
  var short: String?
  /// What its value is called in help; nil for a flag.
  var value: String?
  /// The words allowed as value; empty for any.
  var choices: [String] = []
  var repeats = false
  let help: String
}

/// One verb.
struct CommandSpec: Sendable {
  let name: String
  let summary: String
  /// The positional arguments as help shows them.
  let arguments: String
  /// How many positional arguments there may be.
  let count: ClosedRange<Int>
  var options: [OptionSpec] = []
  var details = ""
  var examples: [(command: String, meaning: String)] = []
  var isHidden = false
}

extension OptionSpec {
  static let json = OptionSpec(name: "json", help: "print JSON (NDJSON events for run and verify)")
  static let jobs = OptionSpec(
    name: "jobs", short: "j", value: "N",
    help: "steps at a time (default: [Atelier] jobs, else cores)")
  static let against = OptionSpec(
    name: "against", value: "RUN", help: "compare with this run (see `atelier list runs`)")

  /// Options that every verb takes.
  static let common: [OptionSpec] = [
    OptionSpec(name: "config", value: "FILE", help: "another config.ini"),
    OptionSpec(name: "project", value: "DIR", help: "the folder that holds Workshops/"),
    OptionSpec(
      name: "set", value: "Section.key=value", repeats: true,
      help: "a configuration value for this call"),
    OptionSpec(name: "verbose", short: "v", help: "say more"),
    OptionSpec(name: "help", short: "h", help: "show this help"),
  ]
}

extension CommandSpec {
  private static let targets = "[workshop/]stage-or-step ..."

  static let all: [CommandSpec] = [
    CommandSpec(
      name: "run", summary: "bring stages or steps up to date", arguments: targets,
      count: 0...1000,
      options: [
        .jobs,
        OptionSpec(
          name: "keep-going", short: "k", help: "go on with what does not need a failed step"),
        OptionSpec(
          name: "dry-run", short: "n",
          help: "say what would run, why and about how long; run nothing"),
        OptionSpec(
          name: "compare",
          help: "show which numbers of JSON and small CSV outputs changed since the last run"),
        OptionSpec(
          name: "cache", value: "MODE", choices: ["rw", "ro", "off"],
          help:
            "rw: use and fill the cache (default); ro: use only; off: run everything, keep nothing"),
        OptionSpec(
          name: "require-remote",
          help: "end with 5 when the bucket of [Atelier] store = s3 is out of reach"),
        .json,
      ],
      details:
        "A stage stands for its steps and all earlier stages. Without a target: all stages.",
      examples: [
        ("atelier run week3", "weeks 1 to 3; what is current is not run again"),
        ("atelier run week4.metrics --set Atelier.trials=20", "one step and what it needs"),
        ("atelier run week4 --compare --set Atelier.seed=2", "old -> new of every metric"),
        ("atelier run week5 --dry-run", "what, why and about how long"),
      ]),
    CommandSpec(
      name: "status", summary: "what is current, what will run, what waits", arguments: targets,
      count: 0...1000, options: [.json],
      details: "Exits 3 when anything is not current.",
      examples: [("atelier status week5", "one line a step")]),
    CommandSpec(
      name: "explain", summary: "why a step would run: each changed field, old -> new",
      arguments: "step ...", count: 1...1000, options: [.against, .json],
      examples: [("atelier explain week2.features.3", "compared with the newest run")]),
    CommandSpec(
      name: "why", summary: "where a result comes from: code, parameters, inputs, who and when",
      arguments: "step", count: 1...1, options: [.json],
      examples: [("atelier why week4.model", "from the model back to its sources")]),
    CommandSpec(
      name: "show", summary: "print an output", arguments: "step[.output] | digest", count: 1...1,
      options: [
        OptionSpec(
          name: "format", value: "FORMAT", choices: ["table", "csv", "json", "path"],
          help: "table (default), csv, json, or the path of the bytes"),
        OptionSpec(
          name: "limit", value: "ROWS", help: "at most so many rows of a table (default 40)"),
        OptionSpec(name: "no-pager", help: "never page what is longer than the terminal"),
      ],
      details: """
        On a terminal a table is cut to its width, and what is longer goes through $ATELIER_PAGER,
        $PAGER or `less -FRSX`. A pipe or a file gets the whole table.
        """,
      examples: [
        ("atelier show week1.funnel", "the table"),
        ("atelier show week4.model.version --format json", "one output of several"),
      ]),
    CommandSpec(
      name: "log", summary: "what a step said when it ran last", arguments: "step", count: 1...1,
      examples: [("atelier log week4.baseline", "its log")]),
    CommandSpec(
      name: "shell", summary: "a shell in a step's place: its inputs, environment and programs",
      arguments: "step [-- command ...]", count: 1...1000,
      options: [OptionSpec(name: "keep", help: "leave the folder there at the end")],
      details: """
        Starts $SHELL (else /bin/sh) in a new folder, or runs one command there and hands on its
        exit code. Inputs lie below inputs/ as links to the store, so read them and do not write;
        outputs/ and scratch/ are empty. $input_NAME and $output_NAME are their paths (dots are
        underscores). The environment is that of a worker: TZ=UTC, LC_ALL=C.UTF-8, a plain PATH
        with the declared programs first, HOME=scratch (so no start file of yours is read; your own
        home is $ATELIER_USER_HOME). Unlike a step, the shell is not confined.
          ./duckdb   DuckDB as the step runs it, with inputs as views and its values as variables
          ./step     runs the step itself here, as a worker does; results go to outputs/ alone
        Exits 3 when an input is not built yet.
        """,
      examples: [
        ("atelier shell week1.funnel", "look around; exit removes the folder"),
        ("atelier shell week1.funnel -- ./duckdb -c 'FROM events LIMIT 3'", "one question"),
        ("atelier shell week4.model --keep -- ./step", "run it by hand and keep its files"),
      ]),
    CommandSpec(
      name: "graph", summary: "the steps and their wires", arguments: targets, count: 0...1000,
      options: [
        OptionSpec(
          name: "format", value: "FORMAT", choices: ["text", "dot", "mermaid", "json"],
          help: "text (default), dot, mermaid or json")
      ],
      examples: [("atelier graph week3 --format dot | dot -Tsvg > week3.svg", "a picture")]),
    CommandSpec(
      name: "verify", summary: "run steps again in a clean directory and compare the bytes",
      arguments: targets, count: 0...1000, options: [.jobs, .json],
      details: "Exits 4 when an artifact differs, and names the first differing place.",
      examples: [("atelier verify week2", "are the features reproducible here?")]),
    CommandSpec(
      name: "diff", summary: "what two runs do not share: code, parameters, inputs, numbers",
      arguments: "[workshop/]RUN [RUN]", count: 1...2,
      options: [
        OptionSpec(name: "exit-code", help: "exit 3 when the runs differ, as `git diff` exits 1"),
        .json,
      ],
      details: """
        RUN is the id of a run, the beginning of one, `latest`, or `latest~N` for the N-th before it;
        the second one is `latest` unless given. Runs of the shared store count, too. For each step
        whose key differs: the fields, old -> new; for each output with numbers (JSON, CSV of up to
        100 rows): old, new, difference and percent. A run in which nothing was new leaves no record,
        so it is none of these. Exits 0 whether or not they differ.
        """,
      examples: [
        ("atelier diff latest~1", "what the newest run changed"),
        ("atelier diff 20261121T1349 latest --json", "from that run to the newest, as events"),
        ("atelier diff latest~1 latest --exit-code > changes.txt", "3 when anything differs"),
      ]),
    CommandSpec(
      name: "check", summary: "compare a workshop's outputs with its committed baselines",
      arguments: "[workshop]", count: 0...1,
      options: [
        OptionSpec(
          name: "baseline", value: "NAME",
          help: "Workshops/<Name>/Baselines/NAME.json (default small)"),
        OptionSpec(
          name: "update", help: "take the outputs as the new baseline and show what changes"),
        OptionSpec(name: "junit", value: "FILE", help: "write the results as JUnit XML"),
        .jobs,
        OptionSpec(
          name: "cache", value: "MODE", choices: ["rw", "ro", "off"],
          help: "as for run; ro for pull requests"),
        .json,
      ],
      details: """
        Runs every step with the settings that the baseline names (--set goes before them; nothing is
        delivered), and compares bytes, or with a tolerance in the baseline: schema and numbers.
        --update keeps tolerances; with --set it keeps those settings, too.
        In GitHub Actions each regression becomes an annotation, and the table the step's summary.
        Exits 3 on a regression: what moved, and outputs that are missing, extra or renamed; 1 when a
        step failed, 2 when there is no baseline.
        """,
      examples: [
        ("atelier check", "the small baseline of the first workshop"),
        ("atelier check --update", "agree to what moved, then commit the file"),
        (
          "atelier check --update --set Atelier.users=2000 --set Atelier.batches=2",
          "a first baseline of a quick size"
        ),
        ("atelier check --cache ro --junit check.xml", "for a pull request"),
      ]),
    CommandSpec(
      name: "watch", summary: "a run for each file that arrives, once for each content of it",
      arguments: "[workshop]", count: 0...1,
      options: [
        OptionSpec(name: "once", help: "end when all that is there is done"),
        OptionSpec(
          name: "interval", value: "SECONDS", help: "rest between two looks (default 1)"),
        OptionSpec(
          name: "settle", value: "SECONDS",
          help: "how long a file of a folder must have been left alone (default 1)"),
        OptionSpec(
          name: "endpoint", value: "NAME",
          help: "after each run bring this endpoint up to its model; `atelier serve` follows"),
        OptionSpec(name: "list", help: "what arrived, and what became of it"),
        OptionSpec(name: "retry", value: "OBJECT", help: "run once more what failed"),
        .jobs, .json,
      ],
      details: """
        The workshop's settings name the place: a folder, or s3://bucket/prefix. Files run in the order
        in which they arrived, one at a time, each on a copy of its own, so that a file that is
        replaced meanwhile becomes the next one. Hidden names and those that end in .part, .tmp and
        the like are left alone, and on Linux what somebody holds open for writing. The same content
        under the same name never runs twice. What arrived is kept below .atelier/watch, so that a
        watcher that was killed goes on where it was. A failure is kept with its reason, and the next
        file is run. Exits 0, or with --once 1 when a file failed; 5 when another process watches.
        """,
      examples: [
        ("atelier watch churn", "until Ctrl-C"),
        ("atelier watch churn --once", "what is there now, as a job of cron does"),
        ("atelier watch churn --list", "with states and reasons"),
        ("atelier watch churn --retry input/new.csv", "after a mistake was mended"),
      ]),
    CommandSpec(
      name: "report", summary: "one HTML page of a run: pictures, numbers, steps, artifacts",
      arguments: "[workshop/][RUN]", count: 0...1,
      options: [
        OptionSpec(
          name: "output", short: "o", value: "FILE",
          help: "where to write it (default report.html); - for stdout")
      ],
      details: """
        RUN is named as for `atelier diff`; the newest one unless given. A run in which every step was
        a hit leaves no record, so the newest record stands for it. The page asks no network, names no
        user, machine, folder or secret, and is the same for the same record and results.
        """,
      examples: [
        ("atelier report", "report.html of the newest run"),
        ("atelier report latest~1 -o before.html", "of the run before"),
      ]),
    CommandSpec(
      name: "list", summary: "workshops, stages, steps or runs",
      arguments: "[workshops | stages | steps | runs]", count: 0...1, options: [.json],
      examples: [("atelier list steps", "names to run, show and explain")]),
    featuresVerb,
    newVerb,
    CommandSpec(
      name: "config", summary: "configuration values, and changing them",
      arguments: "[workshop] [get Section.key | set Section.key=value ...]", count: 0...1000,
      options: [
        OptionSpec(name: "show-origin", help: "where each value comes from"), .json,
      ],
      details: "`set` rewrites config.ini and changes nothing but the value.",
      examples: [
        ("atelier config --show-origin", "every value with its origin"),
        ("atelier config retail get Retail.seed", "of another workshop than the first"),
        ("atelier config set AWS.s3_prefix=cmle-2", "kept: comments, order, unknown sections"),
      ]),
    serveVerb,
    invokeVerb,
    storeVerbs,
    CommandSpec(
      name: "stack", summary: "the AWS stack behind config.ini: deploy, show, destroy",
      arguments: "deploy | outputs | destroy", count: 1...1,
      options: [
        OptionSpec(name: "yes", short: "y", help: "carry it out without asking"),
        OptionSpec(
          name: "name", value: "NAME",
          help: "another stack (default: [AWS] cfn_stack_id, else atelier-<workshop>)"),
        OptionSpec(
          name: "parameter", short: "p", value: "NAME=VALUE", repeats: true,
          help: "deploy: a value for a parameter of the template; others stay as they are"),
        OptionSpec(name: "studio", help: "deploy: with SageMaker Studio (default at first)"),
        OptionSpec(name: "no-studio", help: "deploy: without SageMaker Studio"),
        .json,
      ],
      details: """
        deploy   makes or changes the stack: shows what would change, asks, prints events as they
                 come, and writes [AWS] cfn_stack_id and s3_bucket_name into config.ini. Interrupted,
                 it goes on from there when called again.
        outputs  prints what the stack has: bucket, user, Studio domain. No secret is among them.
        destroy  shows what would be removed (Studio apps, home folders, every version of every
                 object, the stack), asks for the stack's name, removes it in this order and says
                 what is left. Interrupted, it is called again.
        Exits 1 when CloudFormation failed or something is left, 2 when the call does not fit, 5 when
        a service is out of reach.
        """,
      examples: [
        ("atelier stack deploy", "look at the changes, then agree"),
        ("atelier stack deploy --yes --no-studio -p NatGateways=2", "for a script"),
        ("atelier stack outputs --json", "names and ids"),
        ("atelier stack destroy", "look at the list, then type the stack's name"),
      ]),
    CommandSpec(
      name: "validate", summary: "try config, credentials, stack, secret and bucket one by one",
      arguments: "", count: 0...0, options: [.json],
      details: """
        A line for each check, with what to do where one fails. The last three write, read and remove
        an object with the data flow's own key, as the platform would. Ends in SUCCESS, or exits 2
        (yours to correct) or 5 (out of reach). It never prints a secret.
        """,
      examples: [("atelier validate", "after atelier stack deploy")]),
    CommandSpec(
      name: "completion",
      summary: "the script that lets a shell complete verbs, steps and settings",
      arguments: "bash | zsh | fish", count: 1...1,
      examples: [
        ("source <(atelier completion bash)", "in ~/.bashrc; zsh: the same in ~/.zshrc"),
        ("atelier completion fish > ~/.config/fish/completions/atelier.fish", "once, for fish"),
      ]),
    CommandSpec(
      name: "complete-words", summary: "what may stand at the cursor (asked by a shell)",
      arguments: "word ...", count: 0...1000, isHidden: true),
    CommandSpec(
      name: "worker", summary: "run one step (started by the runner itself)", arguments: "",
      count: 0...0, isHidden: true),
  ]

  static func named(_ name: String) -> CommandSpec? { all.first { $0.name == name } }

  /// What is said of a verb that does not exist.
  static func unknown(_ verb: String) -> String {
    let names = all.filter { !$0.isHidden }.map(\.name)
    return "there is no verb '\(verb)'."
      + Suggestion.text(for: verb, among: names + ["help"]) + " `atelier --help` shows all."
  }
}
