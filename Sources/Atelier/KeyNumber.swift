// The numbers and the decisions that a workshop is judged by, declared once. It reads no bytes.
import AtelierStep

/// A number that a workshop is judged by: where it is found, and how people read it.
public struct KeyNumber: Sendable, Hashable {
  /// A number within a short output.
  public enum Place: Sendable, Hashable {
    /// A column of a CSV table of one row.
    case column(String)
    /// A member of a JSON document, from the outermost name to the innermost.
    case member([String])

    /// A member of a JSON document: `.member("metrics", "rmse")`.
    public static func member(_ path: String...) -> Place { .member(path) }
  }

  /// What a number counts or measures.
  public enum Unit: Sendable, Hashable {
    /// A number without a unit.
    case none
    /// A share from 0 to 1, shown in percent.
    case share
    /// A noun that follows the number, such as `people`.
    case named(String)
  }

  /// Which way a number improves.
  public enum Direction: String, Sendable, Hashable, CaseIterable {
    case higher, lower, neither
  }

  /// A number of the same output to read this one beside, such as the baseline's.
  public struct Reference: Sendable, Hashable {
    /// What it is called, such as `baseline`.
    public let name: String
    /// Where it is found.
    public let place: Place

    /// A number of the same output under a name.
    public init(_ name: String, _ place: Place) {
      self.name = name
      self.place = place
    }
  }

  /// What people call it; unique within a workshop.
  public let name: String
  /// The output that holds it.
  public let output: OutputReference
  /// Where in the output it is found.
  public let place: Place
  /// What it counts or measures.
  public let unit: Unit
  /// Which way it improves.
  public let better: Direction
  /// What it should reach, in the number's own unit; nil where nothing is asked.
  public let target: Double?
  /// What it is read beside; nil for nothing.
  public let reference: Reference?
}

/// A decision of a workshop that people want to read as a sentence.
public struct KeyDecision: Sendable, Hashable {
  /// What is decided on, such as `Model`.
  public let subject: String
  /// The artifact that holds the choice and the facts behind it.
  public let output: OutputReference
  /// The word for a choice that is true, such as `accepted`.
  public let yes: String
  /// The word for one that is false, such as `refused`.
  public let no: String
}

/// What a workshop is judged by, in the order of declaration.
public struct KeyDeclarations: Sendable, Hashable {
  /// The numbers.
  public internal(set) var numbers: [KeyNumber] = []
  /// The decisions.
  public internal(set) var decisions: [KeyDecision] = []

  /// No number and no decision.
  public init() {}

  /// Whether nothing is declared.
  public var isEmpty: Bool { numbers.isEmpty && decisions.isEmpty }
}

extension PipelineBuilder {
  /// Declares a number that the workshop is judged by.
  ///
  ///     p.keyNumber("AUC", in: measured.metrics, .column("auc"), better: .higher)
  ///
  /// An output that does not exist does not compile; one that is no short table or document, or a name
  /// that is given twice, is a mistake that ``finish()`` throws.
  ///
  /// - Parameters:
  ///   - name: what people call it, such as `AUC`.
  ///   - artifact: the output that holds it: CSV of one row, or JSON.
  ///   - place: the column or member.
  ///   - unit: what it counts or measures.
  ///   - better: which way it improves.
  ///   - target: what it should reach, in its own unit.
  ///   - reference: a number of the same output to read it beside.
  public mutating func keyNumber<Format>(
    _ name: String, in artifact: Artifact<Format>, _ place: KeyNumber.Place,
    unit: KeyNumber.Unit = .none, better: KeyNumber.Direction, target: Double? = nil,
    beside reference: KeyNumber.Reference? = nil
  ) {
    declare("key number", name, artifact, taken: keys.numbers.map(\.name)) { p, output in
      if let problem = ([place] + (reference.map { [$0.place] } ?? []))
        .lazy.compactMap({ $0.problem(with: Format.self) }).first
      {
        return problem
      }
      if let target, !target.isFinite { return "has the target \(target); expected a number" }
      p.keys.numbers.append(
        KeyNumber(
          name: name, output: output, place: place, unit: unit, better: better, target: target,
          reference: reference))
      return nil
    }
  }

  /// Declares a decision, which is then told as a sentence: `Model accepted: RMSE 2.63 is below 10`.
  ///
  /// `yes` and `no` are the words for the two ways in which it may end.
  public mutating func keyDecision(
    _ subject: String, on choice: Artifact<Choice>, yes: String, no: String
  ) {
    declare("decision", subject, choice, taken: keys.decisions.map(\.subject)) { p, output in
      p.keys.decisions.append(
        KeyDecision(subject: subject, output: output, yes: yes, no: no))
      return nil
    }
  }

  /// Declares something of an output that exists, under a name of its own; `add` gives the mistake.
  private mutating func declare<Format>(
    _ kind: String, _ name: String, _ artifact: Artifact<Format>, taken: [String],
    _ add: (inout PipelineBuilder, OutputReference) -> String?
  ) {
    // What could not be wired has been told.
    guard case .wired(let output) = artifact.source, output.node != Self.nowhere else { return }
    let isOwn = output.graph == id && output.node < nodes.count
    let node = isOwn ? nodes[output.node] : nil
    let problem: String? =
      if name.isEmpty || name.contains(where: { $0.isNewline || $0 == "\t" }) {
        "needs a name of one line"
      } else if taken.contains(name) {
        "is declared twice"
      } else if node?.outputs.contains(where: { $0.name == output.output }) != true {
        "is in '\(output.output)', which is not an output of this graph"
      } else {
        add(&self, output)
      }
    guard let problem else { return }
    mistakes.append(
      WiringError(
        workshop: workshop, node: "\(node?.name ?? "?").\(output.output)",
        problem: "the \(kind) '\(name)' \(problem)"))
  }
}

extension KeyNumber.Place {
  /// Why an artifact of a format cannot hold it; nil where it can.
  fileprivate func problem<Format: ArtifactFormat>(with format: Format.Type) -> String? {
    switch self {
    case .column(let name):
      if Format.mediaType == "text/csv", !Format.isTree { return nil }
      return "is the column '\(name)', and this output is \(Format.mediaType): "
        + "expected text/csv, or name a member of a JSON document"
    case .member(let path):
      guard !path.isEmpty else { return "names no member" }
      if Format.mediaType.hasSuffix("json"), !Format.isTree { return nil }
      return "is the member '\(path.joined(separator: "."))', and this output is "
        + "\(Format.mediaType): expected JSON, or name a column of a CSV table"
    }
  }
}
