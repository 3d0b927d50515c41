// `atelier serve`: serves predictions of a model over HTTP, like a SageMaker container.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import AtelierStep
import CSystem
import CommandLine
import Content
import Project
import RowFormats
import Serve
import Terminal

/// Options that several verbs about served models have.
enum ServeOptions {
  static let endpoint = Option(
    "endpoint", value: "NAME", "the endpoint's name (default: the workshop's)")
  static let contentType: Option<RowFormats.Format> = {
    let words = RowFormats.Format.allCases.map(\.rawValue)
    return Option(
      "content-type", value: "TYPE", completion: .words(words),
      "the form of rows (default text/csv)"
    ) { text in
      guard let format = RowFormats.Format(rawValue: text) else {
        throw UsageError(
          "--content-type takes \(words.joined(separator: ", ")), not '\(text)'."
            + Suggestion.text(for: text, among: words))
      }
      return format
    }
  }()
}

package struct ServeVerb: Verb {
  package let name = "serve"
  package let summary = "serve predictions over HTTP, like a SageMaker container"
  package let details = """
    GET  /ping                  200 when ready, 503 while loading and ending
    POST /invocations           text/csv: a row of features a line, no header, no label (unless the
                                type says header=present or label_size=1); an empty field is a
                                missing value. text/libsvm: index:value pairs, from 0.
                                application/jsonlines: [1, 2] or {"features": [1, 2]} a line.
                                application/json: {"instances": [...]}
    GET  /execution-parameters  what batch transform queries
    CSV is answered with a line a row (values of several classes with commas), JSON lines with
    {"score": 0.5}; Accept chooses another one. X-Atelier-Model is the digest of the model.

    The first call creates the endpoint, .atelier/endpoints/NAME.json in the store, with the
    workshop's current model. A later one updates it: a server that runs already loads the new
    model, switches between two requests and continues; a model that it cannot use leaves the old
    one serving. The URL is printed on standard output.

    As a container's entry point the word serve is enough: with SM_MODEL_DIR or /opt/ml/model the
    model in there is served, without workshop and store. SIGTERM and SIGINT let requests end
    first; then it exits 0.
    """
  package let examples = [
    Example("atelier serve propensity", "create or update the endpoint, and serve it on port 8080"),
    Example("atelier serve propensity --as-is --port 0", "the endpoint's model, on any free port"),
    Example("atelier serve --model model.ubj --host 0.0.0.0", "a file, for other machines, too"),
  ]
  let workshop = Shared.workshop
  let endpoint = ServeOptions.endpoint
  let model = Option(
    "model", value: "FILE|STEP.OUTPUT", completion: .files,
    "a model file without a store, or which model of the workshop")
  let asIs = Flag("as-is", "serve what the endpoint names; do not take the workshop's model")
  let otherFeatures = Flag(
    "other-features", "accept a model with a different number of features")
  let contentType = ServeOptions.contentType
  let host = Option("host", value: "ADDRESS", "listen here (default 127.0.0.1)")
  let port = Option(
    "port", in: 0...65535, "0: any that is free (default $SAGEMAKER_BIND_TO_PORT, else 8080)")
  let threads = Option("threads", in: 1...256, "threads that predict (default: cores)")
  let bodyLimit = Option(
    "body-limit", value: "BYTES", in: 1024...(1 << 30), "the largest body (default 6291456, 6 MiB)")
  let connections = Option("connections", in: 1...100_000, "connections at a time (default 512)")
  let connectionsPerAddress = Option(
    "connections-per-address", in: 1...100_000, "of one client address (default 256)")
  let timeout = Option(
    "timeout", value: "SECONDS", in: 1...3600, "for a whole request (default 60)")
  let drain = Option(
    "drain", value: "SECONDS", in: 0...600,
    "after a signal, accept requests while /ping says 503 (default 1)")

  package var parameters: [any Parameter] {
    [
      workshop, endpoint, model, asIs, otherFeatures, contentType, host, port, threads, bodyLimit,
      connections, connectionsPerAddress, timeout, drain,
    ]
  }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let settings = try settings(call, context.environment)
    let namesEndpoint =
      !call[workshop].isEmpty || call[endpoint] != nil || call.workshop != nil
    if let path = try ServedFile.find(
      model: call[model], namesEndpoint: namesEndpoint, context.environment)
    {
      return try serve(file: path, settings, call, context)
    }
    let session = try Session(call, workshop: workshop, context)
    let options = EndpointOptions(
      model: call[model], isAsIs: call[asIs], acceptsOtherFeatures: call[otherFeatures],
      contentType: call[contentType])
    let update = try EndpointUpdate(
      session, named: call[endpoint] ?? session.workshop.name, options,
      library: ModelLibrary.path(call.directory, context.environment))
    return try ServeEndpoint(update, settings, context.output).run()
  }

  private func settings(
    _ call: Call, _ variables: [String: String]
  ) throws -> ServerSettings {
    var settings = ServerSettings()
    if let host = call[host] { settings.host = host }
    if let text = variables["SAGEMAKER_BIND_TO_PORT"] {
      guard let port = UInt16(text) else {
        throw UsageError("SAGEMAKER_BIND_TO_PORT takes a port, not '\(text)'")
      }
      settings.port = port
    }
    if let port = call[port] { settings.port = UInt16(port) }
    settings.threads =
      call[threads]
      ?? min(256, max(2, ProcessInfo.processInfo.activeProcessorCount))
    if let limit = call[bodyLimit] {
      settings.bodyLimit = limit
    }
    if let count = call[connections] {
      settings.connections = count
      settings.connectionsPerAddress = count
    }
    settings.connections = max(settings.connections, settings.threads)
    if let count = call[connectionsPerAddress] {
      settings.connectionsPerAddress = count
    }
    if let seconds = call[timeout] {
      settings.requestSeconds = seconds
    }
    if let seconds = call[drain] {
      settings.drainSeconds = Double(seconds)
    }
    return settings
  }

  private func serve(
    file path: String, _ settings: ServerSettings, _ call: Call, _ context: VerbContext
  ) throws -> Int32 {
    let library = try ModelLibrary.path(call.directory, context.environment)
    let signals = try ServeLoop.catchSignals()
    let server = try ModelServer(settings)
    let model: ServedModel
    do {
      model = try ServedModel(
        FileSystem.read(path), threads: settings.threads, library: library)
    } catch let failure as ModelFailure {
      server.stop { _ in false }
      throw UsageError("cannot serve \(path): \(failure)")
    }
    server.use(model, format: call[contentType] ?? .csv)
    let loop = ServeLoop(server: server, signals: signals, output: context.output)
    try loop.announce(settings, path)
    return loop.run {}
  }
}
