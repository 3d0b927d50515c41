// A plan read back from its document: what a job on another machine does it by.
import Content

/// The document of a plan, whose digest was checked.
public struct PlanDocument: Sendable {
  /// Bytes of a file or folder that the plan begins with.
  public struct Bytes: Hashable, Sendable {
    /// SHA-256 of a file, or of a tree's manifest.
    public let digest: Digest
    /// Bytes, of a tree those of its files.
    public let size: Int64
  }

  /// The workshop's name.
  public let workshop: String
  /// The values of the workshop's settings by `Section.key`.
  public let settings: [String: String]
  /// The names of the nodes, each after all that it depends on.
  public let nodes: [String]
  /// The bytes of each source, by the node's name.
  public let sources: [String: Bytes]
  /// The files that decided how the graph was wired, by path; a relative one starts at the project's root.
  public let files: [String: Bytes]
  /// The names in the folders that decided it, by path or URL.
  public let folders: [String: [String]]
  /// The document without its digest.
  public let content: JSONValue
  /// SHA-256 of the canonical bytes of ``content``.
  public let digest: Digest

  /// Reads a document.
  ///
  /// - Throws: a `PlanDocumentError` where it is no plan, of another version, or not what its digest
  ///   says.
  public init(bytes: [UInt8]) throws {
    guard case .object(var members)? = try? JSONValue(parsing: bytes),
      let digest = members.removeValue(forKey: "digest")?.string.flatMap({ Digest($0) })
    else { throw PlanDocumentError("it is no JSON object with a digest") }
    guard members["v"]?.integer == 1 else {
      throw PlanDocumentError(
        "it is of version \(members["v"]?.integer.map { "\($0)" } ?? "unknown"), and this program reads 1"
      )
    }
    content = .object(members)
    self.digest = digest
    guard try Digest.of(content.canonicalBytes()) == digest else {
      throw PlanDocumentError("its bytes are not those of its digest")
    }
    guard let workshop = members["workshop"]?.string,
      let settings = members["settings"]?.object, let nodes = members["nodes"]?.array
    else { throw PlanDocumentError("it has no workshop, settings and nodes") }
    self.workshop = workshop
    self.settings = settings.compactMapValues(\.string)
    self.nodes = nodes.compactMap { $0["name"]?.string }
    var sources: [String: Bytes] = [:]
    for node in nodes where node["kind"]?.string == "source" {
      guard let name = node["name"]?.string, let bytes = Bytes(node["content"]) else {
        throw PlanDocumentError("a source has no digest")
      }
      sources[name] = bytes
    }
    self.sources = sources
    files = try (members["reads"]?["files"]?.object ?? [:]).mapValues {
      guard let bytes = Bytes($0) else { throw PlanDocumentError("a file has no digest") }
      return bytes
    }
    folders = (members["reads"]?["folders"]?.object ?? [:]).mapValues {
      ($0.array ?? []).compactMap(\.string)
    }
  }

  /// What another plan has otherwise: a path in the document with both values, such as
  /// `nodes.train.code`; nil where the two are the same.
  public func difference(from plan: Plan) throws -> PlanDifference? {
    guard plan.digest != digest else { return nil }
    // As a document has numbers: 1.0 is 1.
    return PlanDifference(
      from: content, to: try JSONValue(parsing: plan.content.canonicalBytes()))
  }
}

extension PlanDocument.Bytes {
  fileprivate init?(_ json: JSONValue?) {
    guard let digest = json?["digest"]?.string.flatMap({ Digest($0) }),
      let size = json?["size"]?.integer, size >= 0
    else { return nil }
    self.init(digest: digest, size: size)
  }
}

/// Why a document is no plan that can be used.
public struct PlanDocumentError: Error, CustomStringConvertible {
  /// The reason in words.
  public let description: String

  init(_ description: String) { self.description = description }
}
