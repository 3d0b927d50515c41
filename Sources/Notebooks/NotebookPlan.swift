// What a notebook becomes, as values. It knows no workshop, no Swift source and no Python.
import Content

/// The steps, sources and packages that a notebook becomes, and notes about what did not.
package struct NotebookPlan: Sendable {
  /// What an artifact holds.
  package enum Kind: String, Sendable {
    case table, column, value, figures, printed, file
  }

  /// An output of a step.
  package struct Output: Sendable {
    package let key: String
    package let kind: Kind
    /// The file's name in the notebook; empty for what is no file.
    package let path: String
  }

  /// An input of a step: a source by its key, or an output of another step.
  package struct Input: Sendable {
    package let key: String
    package let source: String?
    package let step: String
    package let output: String
  }

  /// A step with its script.
  package struct Step: Sendable {
    package let name: String
    package let file: String
    package let titles: [String]
    package let inputs: [Input]
    package let outputs: [Output]
    package let text: String
  }

  /// A data file that the notebook reads.
  package struct Source: Sendable {
    package let key: String
    package let path: String
    package let exists: Bool
    /// Where the notebook downloads it from; empty for a file.
    package let address: String
  }

  /// A remark about a cell.
  package struct Note: Sendable {
    package let cell: Int64
    package let first: String
    package let kind: String
    package let problem: String
    package let advice: String
  }

  /// The steps, each after those whose outputs it takes.
  package let steps: [Step]
  package let sources: [Source]
  /// What the environment must have.
  package let requirements: [String]
  package let notes: [Note]
  /// Sections with code, sections of text only, cells with code, cells that became no part of a step,
  /// and last lines that only showed something.
  package let sections, texts, cells, refused, shown: Int64

  /// Reads the reader's answer; throws a `NotebookProblem` for a notebook that it refused.
  init(_ json: JSONValue) throws {
    if let refusal = json["refusal"]?.string { throw NotebookProblem(refusal) }
    func text(_ value: JSONValue, _ key: String) -> String { value[key]?.string ?? "" }
    func all(_ value: JSONValue, _ key: String) -> [JSONValue] { value[key]?.array ?? [] }
    func count(_ key: String) -> Int64 { json[key]?.integer ?? 0 }
    steps = all(json, "steps").map { step in
      Step(
        name: text(step, "name"), file: text(step, "file"),
        titles: all(step, "titles").compactMap(\.string),
        inputs: all(step, "inputs").map {
          Input(
            key: text($0, "key"), source: $0["source"]?.string, step: text($0, "step"),
            output: text($0, "output"))
        },
        outputs: all(step, "outputs").map {
          Output(
            key: text($0, "key"), kind: Kind(rawValue: text($0, "kind")) ?? .file,
            path: text($0, "path"))
        }, text: text(step, "text"))
    }
    sources = all(json, "sources").map {
      Source(
        key: text($0, "key"), path: text($0, "path"), exists: $0["exists"]?.bool ?? false,
        address: text($0, "address"))
    }
    requirements = all(json, "requirements").compactMap(\.string)
    notes = all(json, "notes").map {
      Note(
        cell: $0["cell"]?.integer ?? 0, first: text($0, "first"), kind: text($0, "kind"),
        problem: text($0, "problem"), advice: text($0, "advice"))
    }
    sections = count("sections")
    texts = count("texts")
    cells = count("cells")
    refused = count("refused")
    shown = count("shown")
  }
}

/// A notebook that cannot be imported, in one sentence.
package struct NotebookProblem: Error, CustomStringConvertible {
  package let description: String
  init(_ description: String) { self.description = description }
}
