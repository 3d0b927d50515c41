// Creates, updates and serves an endpoint of a workshop's store.
import AtelierStep
import Atelier
import Content
import CSystem
import Engine
import Serve
import Stores

/// One call of `atelier serve` for an endpoint.
struct ServeEndpoint {
  private let arguments: Arguments
  private let settings: ServerSettings
  private let session: Session
  private let folder: EndpointFolder
  private let name: String
  private let library: String

  init(_ arguments: Arguments, _ house: House, _ settings: ServerSettings) throws {
    self.arguments = arguments
    self.settings = settings
    session = try Session(arguments, targets: arguments.positionals, house)
    if let extra = session.targets.first {
      throw UsageError(
        "'\(extra)' is no workshop; `atelier serve [workshop] --model \(extra)` chooses a model")
    }
    name = arguments.value("endpoint") ?? session.workshop.name
    guard EndpointFolder.isName(name) else {
      throw UsageError(
        "--endpoint takes 1 to 63 letters, digits and '-' (not at the ends), not '\(name)'")
    }
    folder = EndpointFolder(StoreLayout(root: try session.storeRoot()).base + "/endpoints")
    library = try ServeVerb.library(arguments, session.environmentVariables)
  }

  func run() throws -> Int32 {
    let document = try wanted()
    guard let claim = try folder.claim(name) else { return try hearServer(document) }
    return try serve(document, claim)
  }

  // MARK: - What is to be served

  /// The endpoint's document after it was brought up to the workshop's model.
  private func wanted() throws -> EndpointDocument {
    if arguments.has("as-is") {
      guard let document = try folder.document(name) else {
        throw UsageError("there is no endpoint \(name) in \(folder.path); leave out --as-is")
      }
      return document
    }
    // A damaged document is written anew.
    let before = (try? folder.document(name)) ?? nil
    let choice = try ServeChoice(session, named: arguments.value("model"))
    guard let offer = try choice.offer() else {
      guard let before else {
        throw UsageError(
          "\(choice.source) has no current result; run `atelier run \(choice.target)` first")
      }
      Console.talk(
        "atelier: \(choice.source) has no current result, so the endpoint \(name) stays at "
          + "sha256:\(before.model.short); `atelier run \(choice.target)`, then serve it again")
      return before
    }
    return try update(before, offer)
  }

  private func update(
    _ before: EndpointDocument?, _ offer: ServeChoice.Offer
  ) throws -> EndpointDocument {
    let format = ServeVerb.format(arguments) ?? before?.contentType ?? .csv
    if let before, before.model == offer.digest, before.contentType == format { return before }
    let bytes = try FileSystem.read(offer.path)
    let model: ServedModel
    do {
      model = try ServedModel(bytes, expecting: offer.digest, threads: 1, library: library)
    } catch let failure as ModelFailure {
      throw UsageError("cannot serve \(offer.source): \(failure)")
    }
    if let before, before.features != model.featureCount, !arguments.has("other-features") {
      throw UsageError(
        "the endpoint \(name) takes \(Text.count(before.features, "feature")), the new model "
          + "\(model.featureCount); clients that go on sending the old rows would be refused. "
          + "Name another --endpoint, or agree with --other-features")
    }
    let isSame = before?.model == offer.digest
    let document = EndpointDocument(
      endpoint: name, model: offer.digest, previous: isSame ? before?.previous : before?.model,
      source: offer.source, features: model.featureCount, objective: model.objective,
      contentType: format, updatedAt: UTCTime.iso(Double(cs_wall_clock()) / 1e9))
    try folder.update(document, model: bytes)
    Console.talk(
      before.map { "atelier: endpoint \(name): \($0.model.short) -> \(document.model.short)" }
        ?? "atelier: endpoint \(name) created: \(document.model.short)")
    return document
  }

  // MARK: - Another process serves it

  /// Waits until the server of the endpoint has taken the model, or has said why not.
  private func hearServer(_ document: EndpointDocument) throws -> Int32 {
    for _ in 0..<600 {
      if let note = folder.note(of: name) {
        if note.model == document.model {
          Console.talk(
            "atelier: process \(note.process) serves the endpoint \(name) with "
              + "sha256:\(note.model.short)")
          Console.data(note.url + "\n")
          return ExitCode.fine
        }
        if note.refused == document.model {
          Console.talk(
            "atelier: process \(note.process), which serves the endpoint \(name), goes on with "
              + "sha256:\(note.model.short): \(note.reason ?? "no reason given")")
          return ExitCode.stepFailed
        }
      }
      var none: [Int32] = [-1]
      _ = cs_poll(&none, 1, 100)
    }
    throw UsageError(
      "another process serves the endpoint \(name) and has not taken the model within a minute; "
        + "see its log")
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
    ServeLoop.announce(server, settings, "endpoint \(name) (\(document.source))")
    defer { folder.removeNote(of: name) }
    let code = ServeLoop(server: server, signals: signals).run {
      guard let change = watcher.look(served: server.model) else { return }
      take(change, server, url)
    }
    claim.release()
    return code
  }

  private func take(_ change: EndpointWatcher.Change, _ server: ModelServer, _ url: String) {
    switch change {
    case .model(let model, let document):
      let old = server.model?.digest.short ?? "nothing"
      server.use(model, format: document.contentType)
      Console.talk("atelier: endpoint \(name): serving \(old) -> \(model.digest.short)")
      note(server, url)
    case .same(let document):
      if let model = server.model { server.use(model, format: document.contentType) }
      note(server, url)
    case .refused(let model, let reason):
      Console.talk(
        "atelier: endpoint \(name): the new document is not taken, "
          + "\(server.model?.digest.short ?? "nothing") goes on: \(reason)")
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
      Console.talk("atelier: endpoint \(name): \(error)")
    }
  }
}
