// What the verbs about served models take.

extension OptionSpec {
  fileprivate static let endpoint = OptionSpec(
    name: "endpoint", value: "NAME", help: "the endpoint's name (default: the workshop's)")
  fileprivate static let contentType = OptionSpec(
    name: "content-type", value: "TYPE",
    choices: ["text/csv", "application/jsonlines", "application/json"],
    help: "the form of rows (default text/csv)")
}

extension CommandSpec {
  static let serveVerb = CommandSpec(
    name: "serve", summary: "answer with a model's predictions, as a SageMaker container does",
    arguments: "[workshop]", count: 0...1,
    options: [
      .endpoint,
      OptionSpec(
        name: "model", value: "FILE|STEP.OUTPUT",
        help: "a model file without a store, or which model of the workshop"),
      OptionSpec(
        name: "as-is", help: "serve what the endpoint names; do not take the workshop's model"),
      OptionSpec(
        name: "other-features", help: "agree that the new model takes another count of values"),
      .contentType,
      OptionSpec(name: "host", value: "ADDRESS", help: "listen here (default 127.0.0.1)"),
      OptionSpec(
        name: "port", value: "N",
        help: "0: any that is free (default $SAGEMAKER_BIND_TO_PORT, else 8080)"),
      OptionSpec(name: "threads", value: "N", help: "threads that predict (default: cores)"),
      OptionSpec(
        name: "body-limit", value: "BYTES", help: "the largest body (default 6291456, 6 MiB)"),
      OptionSpec(name: "connections", value: "N", help: "connections at a time (default 512)"),
      OptionSpec(
        name: "connections-per-address", value: "N", help: "of one client address (default 256)"),
      OptionSpec(
        name: "timeout", value: "SECONDS", help: "for a whole request (default 60)"),
      OptionSpec(
        name: "drain", value: "SECONDS",
        help: "after a signal, take requests while /ping says 503 (default 1)"),
    ],
    details: """
      GET  /ping                  200 when ready, 503 while loading and ending
      POST /invocations           text/csv: a row of features a line, no header, no label; an empty
                                  field is a missing value. application/jsonlines: [1, 2] or
                                  {"features": [1, 2]} a line. application/json: {"instances": [...]}
      GET  /execution-parameters  what batch transform asks for
      CSV is answered with a line a row (values of several classes with commas), JSON lines with
      {"score": 0.5}; Accept chooses another one. X-Atelier-Model is the digest of the model.

      The first call creates the endpoint, .atelier/endpoints/NAME.json in the store, with the
      workshop's current model. A later one updates it: a server that runs already loads the new
      model, switches between two requests and goes on; a model that it cannot take leaves the old
      one serving. The URL is printed on standard output.

      As a container's entry point the word serve is enough: with SM_MODEL_DIR or /opt/ml/model the
      model in there is served, without workshop and store. SIGTERM and SIGINT let requests end
      first; then it exits 0.
      """,
    examples: [
      ("atelier serve propensity", "create or update the endpoint, and serve it on port 8080"),
      ("atelier serve propensity --as-is --port 0", "the endpoint's model, on any free port"),
      ("atelier serve --model model.ubj --host 0.0.0.0", "a file, for other machines, too"),
    ])

  static let invokeVerb = CommandSpec(
    name: "invoke", summary: "send rows to a served model; print input, label and prediction",
    arguments: "[workshop]", count: 0...1,
    options: [
      OptionSpec(
        name: "url", value: "URL", help: "where it is served (default http://127.0.0.1:8080)"),
      .endpoint, .contentType,
      OptionSpec(name: "input", value: "FILE", help: "rows; - is standard input (default)"),
      OptionSpec(
        name: "label", value: "SIDE", choices: ["first", "last"],
        help: "that column is the label: shown, not sent"),
      OptionSpec(name: "limit", value: "ROWS", help: "send only so many rows"),
      OptionSpec(name: "batch", value: "ROWS", help: "rows a request (default 1000)"),
      OptionSpec(
        name: "format", value: "FORMAT", choices: ["table", "csv", "json"],
        help: "table (default), csv, or json, an object a line"),
    ],
    details: """
      With a workshop or --endpoint the server of that endpoint on this machine is asked.
      Exits 2 when the rows are refused, with the server's reason.
      """,
    examples: [
      ("atelier invoke --input test.csv --label first --limit 5", "five rows and their labels"),
      ("echo 1,2,3 | atelier invoke --url http://127.0.0.1:8080", "one row"),
    ])
}
