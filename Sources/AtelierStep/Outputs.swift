// Outputs whose names and formats are chosen where a step is wired. It knows no step.

/// The outputs of a step that runs somebody's script: their number, names and formats are wired.
///
/// A step has at most one property of this type; other outputs are ``Output`` properties. In the
/// action key stand the names, media types and extensions, as for every output.
public struct Outputs: Hashable, Sendable {
  /// The names, sorted.
  public let names: [String]
  /// The formats by name; empty in a step that was decoded to run, which needs the names only.
  private let formats: [String: ArtifactDescription]

  /// Outputs by their descriptions, whose names must differ.
  public init(_ outputs: [ArtifactDescription]) throws {
    for (index, output) in outputs.enumerated() {
      guard PlainName.isPlain(output.name), output.name.first?.isLetter == true else {
        throw StepFailure(
          "the output '\(output.name)' needs a name of letters, digits, '-' and '_' that begins with "
            + "a letter")
      }
      guard !outputs[..<index].contains(where: { $0.name == output.name }) else {
        throw StepFailure("two outputs have the name '\(output.name)'")
      }
    }
    names = outputs.map(\.name).sorted()
    formats = Dictionary(outputs.map { ($0.name, $0) }) { first, _ in first }
  }

  /// One output, whose name is written in code.
  public init(_ output: ArtifactDescription) {
    names = [output.name]
    formats = [output.name: output]
  }

  init(names: [String], _ formats: [String: ArtifactDescription]) {
    self.names = names.sorted()
    self.formats = formats
  }
}

extension Outputs: Codable {
  /// Outputs come from the step's decoder alone, which is told their names.
  public init(from decoder: any Decoder) throws {
    throw DecodingError.dataCorrupted(
      .init(
        codingPath: decoder.codingPath,
        debugDescription: "Outputs must be a stored property of the step itself"))
  }

  /// Adds each output to the step that is encoded.
  public func encode(to encoder: any Encoder) throws {
    let encoder = try StepEncoder.ofProperty(encoder, self, "Outputs")
    for name in names { if let output = formats[name] { encoder.add(output: output) } }
  }
}
