// The request of a job, read back from the bucket. It is written by `Compile`.
import Content
import Names

/// What a job is asked to do.
package struct RequestedJob: Sendable {
  /// A file that a training with a built-in algorithm reads.
  package struct File: Hashable, Sendable {
    package let channel: String
    /// The node whose output holds it.
    package let node: String
    /// Its path in that output, which is a tree.
    package let file: String
  }

  package let plan: Digest
  package let planKey: String
  package let workshop: String
  /// The job's name.
  package let name: String
  /// The nodes that it does.
  package let nodes: [String]
  /// The fingerprints of the code by `Family.Step`.
  package let code: [String: String]
  /// The nodes whose decisions are left for branches.
  package let decisions: [String]
  package let files: [File]
  package let bucket: String
  package let prefix: String
  /// Empty where the plan names none.
  package let region: String

  /// Reads a request that was asked for by its URL.
  ///
  /// Throws `JobRefusal` where the bytes are not those that the URL names, or no request.
  package init(bytes: [UInt8], from url: S3URL) throws {
    let place = "\(url)"
    guard let json = try? JSONValue(parsing: bytes), json["v"]?.integer == 1 else {
      throw JobRefusal(
        "\(place) is no request of a job, or of a version that this image does not read")
    }
    let digest = try Digest.of(json.canonicalBytes())
    guard url.key.split(separator: "/").last == "\(digest.hex).json" else {
      throw JobRefusal(
        "\(place) holds other bytes than its name says: they are of \(digest.hex); start the workflow anew, "
          + "which puts its requests there again")
    }
    guard let plan = try Digest(Self.text("plan", of: json, place)) else {
      throw JobRefusal("\(place) names no plan")
    }
    self.plan = plan
    planKey = try Self.text("planKey", of: json, place)
    workshop = try Self.text("workshop", of: json, place)
    name = try Self.text("job", of: json, place)
    nodes = try Self.names("nodes", of: json, place)
    code = (json["code"]?.object ?? [:]).compactMapValues(\.string)
    guard !nodes.isEmpty else { throw JobRefusal("\(place) asks for no node") }
    decisions = try Self.names("decisions", of: json, place)
    files = (json["files"]?.object ?? [:]).compactMap { channel, file in
      guard let node = file["node"]?.string, let name = file["file"]?.string else { return nil }
      return File(channel: channel, node: node, file: name)
    }.sorted { $0.channel < $1.channel }
    // A channel is a folder's name in the container.
    if let bad = files.map(\.channel).first(where: { !Self.isPlain($0) }) {
      throw JobRefusal("\(place): '\(bad)' is no name of a channel")
    }
    guard let bucket = json["store"]?["bucket"]?.string,
      let prefix = json["store"]?["prefix"]?.string
    else { throw JobRefusal("\(place) names no store") }
    self.bucket = bucket
    self.prefix = prefix
    region = try Self.text("region", of: json, place)
  }

  /// Whether a name is one of a folder, as SageMaker takes them for outputs.
  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 63
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
  }

  private static func text(_ name: String, of json: JSONValue, _ place: String) throws -> String {
    guard let value = json[name]?.string else { throw JobRefusal("\(place) has no '\(name)'") }
    return value
  }

  private static func names(
    _ name: String, of json: JSONValue, _ place: String
  ) throws -> [String] {
    guard let values = json[name]?.array else { throw JobRefusal("\(place) has no '\(name)'") }
    let names = values.compactMap(\.string)
    guard names.count == values.count else {
      throw JobRefusal("\(place): '\(name)' holds what is no name")
    }
    return names
  }
}

/// Why a job does not begin: request, plan and program do not belong together.
package struct JobRefusal: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
