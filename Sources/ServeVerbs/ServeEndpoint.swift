// Serves an endpoint of a workshop's store, or tells the process that does.
import Atelier
import AtelierStep
import CSystem
import CommandLine
import Content
import Serve
import Terminal

/// One call of `atelier serve` for an endpoint.
struct ServeEndpoint {
  private let settings: ServerSettings
  private let update: EndpointUpdate
  private let output: Console
  private var folder: EndpointFolder { update.folder }
  private var name: String { update.name }
  private var library: String { update.library }

  init(_ update: EndpointUpdate, _ settings: ServerSettings, _ output: Console) {
    self.update = update
    self.settings = settings
    self.output = output
  }

  func run() throws -> Int32 {
    guard let document = try update.document() else {
      let target = try update.target()
      throw UsageError(
        "the endpoint \(name) has no model to serve; run `atelier run \(target)` first")
    }
    // Another server may be about to end: it gives the claim up when it accepts no more connections.
    for _ in 0..<600 {
      if let claim = try folder.claim(name) { return try serve(document, claim) }
      if let code = try answer(document) { return code }
      var none: [Int32] = [-1]
      _ = cs_poll(&none, 1, 100)
    }
    throw UsageError(
      "another process serves the endpoint \(name) and has not taken the model within a minute; "
        + "see its log")
  }

  // MARK: - Another process serves it

  /// The exit code once the server of the endpoint has taken the model, or has said why not; nil before.
  private func answer(_ document: EndpointDocument) throws -> Int32? {
    guard let note = folder.note(of: name) else { return nil }
    if note.model == document.model {
      output.message(
        "atelier: process \(note.process) serves the endpoint \(name) with "
          + "sha256:\(note.model.short)")
      try output.data(note.url + "\n")
      return ExitCode.success
    }
    guard note.refused == document.model else { return nil }
    output.message(
      "atelier: process \(note.process), which serves the endpoint \(name), keeps serving "
        + "sha256:\(note.model.short): \(note.reason ?? "no reason given")")
    return ExitCode.stepFailed
  }

  // MARK: - This process serves it

  private func serve(
    _ document: EndpointDocument, _ claim: consuming EndpointFolder.Claim
  ) throws -> Int32 {
    // One that was killed has left its last word.
    folder.removeNote(of: name)
    let signals = try ServeLoop.catchSignals()
    let server = try ModelServer(settings)
    let url = ServeLoop.url(server, settings)
    var watcher = EndpointWatcher(folder, name, threads: settings.threads, library: library)
    switch watcher.look(served: nil) {
    case .model(let model, let document): server.use(model, format: document.contentType)
    case .refused(_, let reason):
      server.stop { _ in false }
      throw UsageError("cannot serve the endpoint \(name): \(reason)")
    case .same, nil:
      server.stop { _ in false }
      throw UsageError("the endpoint \(name) was removed just now")
    }
    note(server, url)
    let loop = ServeLoop(server: server, signals: signals, output: output)
    do {
      try loop.announce(settings, "endpoint \(name) (\(document.source))")
    } catch {
      folder.removeNote(of: name)
      throw error
    }
    // The next server may write its own note while requests are still answered here.
    var held: EndpointFolder.Claim? = claim
    return loop.run(
      signalled: { folder.removeNote(of: name) }, closed: { held.take()?.release() }
    ) {
      guard let change = watcher.look(served: server.model) else { return }
      take(change, server, url)
    }
  }

  private func take(_ change: EndpointWatcher.Change, _ server: ModelServer, _ url: String) {
    switch change {
    case .model(let model, let document):
      let old = server.model?.digest.short ?? "nothing"
      server.use(model, format: document.contentType)
      output.message("atelier: endpoint \(name): serving \(old) -> \(model.digest.short)")
      note(server, url)
    case .same(let document):
      if let model = server.model { server.use(model, format: document.contentType) }
      note(server, url)
    case .refused(let model, let reason):
      output.message(
        "atelier: endpoint \(name): the new document is not taken, "
          + "\(server.model?.digest.short ?? "nothing") is still served: \(reason)")
      note(server, url, refused: model, reason)
    }
  }

  private func note(
    _ server: ModelServer, _ url: String, refused: Digest? = nil, _ reason: String? = nil
  ) {
    guard let model = server.model else { return }
    do {
      try folder.note(
        .init(url: url, model: model.digest, refused: refused, reason: reason), of: name)
    } catch {
      output.message("atelier: endpoint \(name): \(error)")
    }
  }
}
