// Brings an endpoint's document up to a workshop's model; whoever serves the endpoint follows it.
import CSystem
import CommandLine
import Content
import LocalStores
import Project
import RowFormats
import Serve
import StoreFolder
import Terminal

/// What the command line says of an update.
struct EndpointOptions {
  /// Which output of the workshop is the model; nil for the only one.
  var model: String?
  /// Whether the endpoint keeps the model that it names.
  var isAsIs = false
  var acceptsOtherFeatures = false
  var contentType: RowFormats.Format?
}

struct EndpointUpdate {
  let name: String
  let folder: EndpointFolder
  let library: String
  private let session: Session
  private let options: EndpointOptions

  /// Throws where SageMaker would reject the name.
  init(
    _ session: Session, named name: String, _ options: EndpointOptions, library: String
  ) throws {
    self.session = session
    self.options = options
    self.library = library
    self.name = name
    guard EndpointFolder.isName(name) else {
      throw UsageError(
        "--endpoint takes 1 to 63 letters, digits and '-' (not at the ends), not '\(name)'")
    }
    folder = EndpointFolder(StoreLayout(root: try session.storeRoot()).base + "/endpoints")
  }

  /// The endpoint's document after it was brought up to the workshop's model; nil where there is
  /// neither a model nor an endpoint.
  func document() throws -> EndpointDocument? {
    if options.isAsIs {
      guard let document = try folder.document(name) else {
        throw UsageError("there is no endpoint \(name) in \(folder.path); leave out --as-is")
      }
      return document
    }
    // A damaged document is written anew.
    let before = (try? folder.document(name)) ?? nil
    let choice = try ServeChoice(session, named: options.model)
    guard let offer = try choice.offer() else {
      guard let before else {
        session.output.message(
          "atelier: \(choice.source) has no current result, and there is no endpoint \(name) yet")
        return nil
      }
      session.output.message(
        "atelier: \(choice.source) has no current result, so the endpoint \(name) stays at "
          + "sha256:\(before.model.short); `atelier run \(session.path(of: choice.target))`, then serve it again"
      )
      return before
    }
    return try update(before, offer)
  }

  /// The step that makes the model, as one types it.
  func target() throws -> String {
    try session.path(of: ServeChoice(session, named: options.model).target)
  }

  private func update(
    _ before: EndpointDocument?, _ offer: ServeChoice.Offer
  ) throws -> EndpointDocument {
    let format = options.contentType ?? before?.contentType ?? .csv
    if let before, before.model == offer.digest, before.contentType == format { return before }
    let bytes = try FileSystem.read(offer.path)
    let model: ServedModel
    do {
      model = try ServedModel(bytes, expecting: offer.digest, threads: 1, library: library)
    } catch let failure as ModelFailure {
      throw UsageError("cannot serve \(offer.source): \(failure)")
    }
    if let before, before.features != model.featureCount, !options.acceptsOtherFeatures {
      throw UsageError(
        "the endpoint \(name) takes \(Text.count(before.features, "feature")), the new model "
          + "\(model.featureCount); rows of the old form would be rejected. "
          + "Name another --endpoint, or accept it with --other-features")
    }
    let isSame = before?.model == offer.digest
    let document = EndpointDocument(
      endpoint: name, model: offer.digest, previous: isSame ? before?.previous : before?.model,
      source: offer.source, features: model.featureCount, objective: model.objective,
      contentType: format,
      updatedAt: CivilTime(secondsSince1970: cs_wall_clock() / 1_000_000_000).iso8601)
    try folder.update(document, model: bytes)
    session.output.message(
      before.map { "atelier: endpoint \(name): \($0.model.short) -> \(document.model.short)" }
        ?? "atelier: endpoint \(name) created: \(document.model.short)")
    return document
  }
}
