// What an endpoint serves, as the document beside the store says it.
import Content
import RowFormats

/// An endpoint: a name, and the version of a model that it serves.
package struct EndpointDocument: Hashable, Sendable {
  /// The version of this form.
  package static let version: Int64 = 1

  package var endpoint: String
  /// The digest of the model's bytes.
  package var model: Digest
  /// The model before it, to which one may go back.
  package var previous: Digest?
  /// Where the model is from, such as `propensity/week4.model.model`; for display.
  package var source: String
  /// Values a row.
  package var features: Int
  /// What the model predicts, such as `binary:logistic`; for display.
  package var objective: String
  /// The type of rows whose request names none.
  package var contentType: Format
  /// RFC 3339, UTC.
  package var updatedAt: String

  package init(
    endpoint: String, model: Digest, previous: Digest? = nil, source: String, features: Int,
    objective: String, contentType: Format, updatedAt: String
  ) {
    self.endpoint = endpoint
    self.model = model
    self.previous = previous
    self.source = source
    self.features = features
    self.objective = objective
    self.contentType = contentType
    self.updatedAt = updatedAt
  }

  /// The document's bytes.
  package func bytes() throws -> [UInt8] {
    let fields: [String: JSONValue] = [
      "v": .integer(Self.version), "endpoint": .string(endpoint),
      "model": .string(model.description), "previous": previous.map { .string("\($0)") } ?? .null,
      "source": .string(source), "features": .integer(Int64(features)),
      "objective": .string(objective), "contentType": .string(contentType.rawValue),
      "updatedAt": .string(updatedAt),
    ]
    return try JSONValue.object(fields).canonicalBytes() + [UInt8(ascii: "\n")]
  }

  /// Reads a document; `path` is named in errors.
  package init(parsing bytes: [UInt8], path: String) throws(EndpointFailure) {
    func fail(_ problem: String) -> EndpointFailure {
      EndpointFailure("\(path): \(problem); serve the endpoint anew to write it again")
    }
    let fields: [String: JSONValue]
    do {
      guard let object = try JSONValue(parsing: bytes).object else { throw fail("no JSON object") }
      fields = object
    } catch {
      throw fail("\(error)")
    }
    guard fields["v"]?.integer == Self.version else {
      throw fail("expected \"v\": \(Self.version), found another version")
    }
    guard let name = fields["endpoint"]?.string else { throw fail("no \"endpoint\"") }
    guard let model = fields["model"]?.string.flatMap({ Digest($0) }) else {
      throw fail("no digest in \"model\"")
    }
    guard let features = fields["features"]?.integer, (1...1_000_000_000).contains(features) else {
      throw fail("no count in \"features\"")
    }
    guard let type = fields["contentType"]?.string.flatMap({ Format(mediaType: $0) }) else {
      throw fail("expected one of \(Format.list(of: Format.allCases)) in \"contentType\"")
    }
    self.init(
      endpoint: name, model: model, previous: fields["previous"]?.string.flatMap { Digest($0) },
      source: fields["source"]?.string ?? "", features: Int(features),
      objective: fields["objective"]?.string ?? "", contentType: type,
      updatedAt: fields["updatedAt"]?.string ?? "")
  }
}

/// What is wrong with an endpoint's files.
package struct EndpointFailure: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String
  /// Whether another attempt may succeed without a change of the document.
  package let mayPass: Bool

  /// A failure in words for people.
  package init(_ description: String, mayPass: Bool = false) {
    self.description = description
    self.mayPass = mayPass
  }
}
