// A step as it is ordered from another machine: the key document, and what a key leaves out.
import Atelier
import AtelierStep
import Content

/// What another machine needs to run an action of this one.
///
/// The document holds digests and shapes; the order adds names for people, limits, and where programs
/// lay, none of which is in a key.
package struct StepOrder: Sendable {
  /// The node's name, for messages.
  package let name: String
  package let document: KeyDocument
  package let inputs: [String: OutputRecord]
  package let limits: StepLimits
  /// Paths by the names of programs.
  package let programs: [String: String]

  /// The order of an action.
  package init(_ action: Action) {
    name = action.name
    document = action.document
    inputs = action.inputs.mapValues(\.record)
    limits = action.step.limits
    programs = action.programs.mapValues(\.path)
  }

  /// The order's bytes.
  package func bytes() throws -> [UInt8] {
    try JSONValue.object([
      "v": .integer(Self.version), "name": .string(name), "document": document.json,
      "inputs": .object(inputs.mapValues(\.json)),
      "programs": .object(programs.mapValues { .string($0) }),
      "limits": .object([
        "retries": .integer(Int64(limits.retries)), "retryDelay": .number(limits.retryDelay),
        "backoff": .number(limits.backoff),
        "timeout": limits.timeout.map { .number($0) } ?? .null,
      ]),
    ]).canonicalBytes()
  }

  private static let version: Int64 = 1

  /// Reads an order that was made by this very version.
  package init(bytes: [UInt8]) throws {
    let json = try JSONValue(parsing: bytes)
    guard json["v"]?.integer == Self.version else { throw StepOrderError("v") }
    guard let name = json["name"]?.string else { throw StepOrderError("name") }
    guard let document = json["document"] else { throw StepOrderError("document") }
    guard let inputs = OutputRecord.records(json["inputs"]?.object) else {
      throw StepOrderError("inputs")
    }
    guard let programs = json["programs"]?.object else { throw StepOrderError("programs") }
    guard let limits = json["limits"], let retries = limits["retries"]?.integer,
      let delay = limits["retryDelay"]?.number, let backoff = limits["backoff"]?.number
    else { throw StepOrderError("limits") }
    self.name = name
    self.document = try KeyDocument(json: document)
    self.inputs = inputs
    self.programs = programs.compactMapValues(\.string)
    self.limits = StepLimits(
      retries: Int(clamping: retries), retryDelay: delay, backoff: backoff,
      timeout: limits["timeout"]?.number)
  }

  /// The action as this machine would run it.
  ///
  /// Throws `StepOrderMismatch` where it would have another key here.
  package func action(_ resolver: Resolver) throws -> Action {
    let catalogue = resolver.environment.catalogue
    guard let type = try catalogue.type(family: document.family, step: document.step) else {
      throw StepFailure("this build has no step \(document.family).\(document.step)")
    }
    let action = try action(type, resolver)
    let changes = KeyDocument.changes(from: document.json, to: action.document.json)
    guard changes.isEmpty else { throw StepOrderMismatch(changes: changes) }
    return action
  }

  /// The formats of inputs and outputs, as the document has them.
  private var shapes: StepShapes {
    StepShapes(
      inputs: document.inputs.map { name, input in
        ArtifactDescription(
          name: name, mediaType: input.mediaType, fileName: input.fileName,
          isTree: input.kind == .tree)
      },
      outputs: document.outputs.map { name, output in
        ArtifactDescription(
          name: name, mediaType: output.mediaType, fileName: output.fileName,
          isTree: output.isTree)
      })
  }

  private func action<S: Step>(_ type: S.Type, _ resolver: Resolver) throws -> Action {
    let step = try StepTemplate.decode(
      type, parameters: document.parameters, inputs: document.inputs.keys,
      outputs: document.outputs.keys,
      texts: document.texts, shapes: shapes)
    let template = try StepTemplate(of: step)
    return try resolver.action(
      name, StepDescription(step, template: template, limits: limits),
      reads: template.inputs.map(\.description), makes: template.outputs,
      inputs: inputs.mapValues { KnownArtifact(record: $0, location: .store) })
  }
}

/// An order that cannot be read: cut short, or of another version.
package struct StepOrderError: Error, CustomStringConvertible {
  let field: String

  init(_ field: String) { self.field = field }

  package var description: String {
    "the order of the step has no usable field '\(field)'; it was cut short, or is of another version "
      + "of atelier"
  }
}

/// A machine on which an action has another key: something of it is not the same there.
package struct StepOrderMismatch: Error, CustomStringConvertible {
  package let changes: [FieldChange]

  package var description: String {
    "another key here: "
      + changes.prefix(4).map { change in
        "\(change.field) is \(Self.text(change.new)), the key says \(Self.text(change.old))"
      }.joined(separator: "; ")
  }

  private static func text(_ value: JSONValue?) -> String {
    guard let value else { return "absent" }
    let text = value.string ?? (try? String(decoding: value.canonicalBytes(), as: UTF8.self)) ?? "?"
    return text.count > 80 ? String(text.prefix(80)) + "..." : text
  }
}
