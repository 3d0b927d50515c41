// Notices when an endpoint's document changes, and loads what it names.
import CSystem
import Content

/// Follows one endpoint's document for the server that serves it.
package struct EndpointWatcher {
  private let folder: EndpointFolder
  private let name: String
  private let threads: Int
  private let library: String
  private var seen: Seen?
  /// Why a document could not be read a moment ago: such a failure may pass, so it is told once and the
  /// document is read again.
  private var passing: String?

  /// What tells one version of a document from the next.
  private struct Seen: Equatable {
    let device: UInt64
    let inode: UInt64
    let size: Int64
    let mtime: Int64
    let ctime: Int64
  }

  /// `threads` and `library` are for the models that it loads.
  package init(_ folder: EndpointFolder, _ name: String, threads: Int, library: String) {
    self.folder = folder
    self.name = name
    self.threads = threads
    self.library = library
  }

  /// What a changed document led to.
  package enum Change {
    case model(ServedModel, EndpointDocument)
    /// It names the same model as before.
    case same(EndpointDocument)
    /// It cannot be taken: the model that is served stays.
    case refused(Digest?, reason: String)
  }

  /// What changed since the last look; nil: nothing.
  ///
  /// A new model is read, compared with its digest, loaded and asked once before it is given.
  package mutating func look(served: ServedModel?) -> Change? {
    var status = cs_stat_t()
    guard cs_stat(folder.documentPath(name), 1, &status) == 0 else {
      // An endpoint whose document was taken away goes on as it is.
      seen = nil
      return nil
    }
    let now = Seen(
      device: status.device, inode: status.inode, size: status.size, mtime: status.mtime,
      ctime: status.ctime)
    guard now != seen else { return nil }
    seen = now
    let before = passing
    passing = nil
    var named: Digest?
    do {
      guard let document = try folder.document(name) else { return nil }
      named = document.model
      guard document.endpoint == name else {
        throw EndpointFailure("the document is that of the endpoint \(document.endpoint)")
      }
      if let served, served.digest == document.model { return .same(document) }
      let model = try ServedModel(
        folder.model(document), expecting: document.model, threads: threads, library: library)
      // Whoever writes the document decides on other features; a model that is not what the
      // document says would break clients without anybody having decided.
      guard model.featureCount == document.features else {
        throw EndpointFailure(
          "the model takes \(model.featureCount) features, the document says \(document.features)")
      }
      return .model(model, document)
    } catch let failure as EndpointFailure where failure.mayPass {
      seen = nil
      passing = "\(failure)"
      return passing == before ? nil : .refused(named, reason: "\(failure)")
    } catch {
      return .refused(named, reason: "\(error)")
    }
  }
}
