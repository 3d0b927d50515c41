// Steps that run in the runner's process and write down that they ran.
import Atelier
import AtelierStep
import Foundation

enum Words: ArtifactFormat {
  static let mediaType = "text/plain"
  static let fileExtension = "txt"
}

private let testCode = CodeFingerprint(family: "Test", digest: "c0de", compiler: "test")

/// A file to which every execution adds a line.
struct Journal: Codable, Hashable, Sendable {
  let path: String

  func add(_ line: String) throws {
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data((line + "\n").utf8))
    try handle.close()
  }
}

extension StepContext {
  func text(_ artifact: Artifact<Words>) throws -> String {
    try String(contentsOfFile: path(artifact), encoding: .utf8)
  }

  func write(_ text: String, to output: Output<Words>) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(output)))
  }
}

/// Writes its text after the contents of its inputs.
struct Join: Step {
  static let code = testCode
  static let isolation = Isolation.inProcess
  var parts: [Artifact<Words>] = []
  var text: String
  var journal: Journal
  var out = Output<Words>()

  func run(in context: StepContext) throws {
    try journal.add("join " + text)
    try context.write(parts.map { try context.text($0) }.joined() + text, to: out)
  }
}

/// Writes the first letters of its input: often the same although the input changed.
struct Head: Step {
  static let code = testCode
  static let isolation = Isolation.inProcess
  var from: Artifact<Words>
  var count = 1
  var journal: Journal
  var out = Output<Words>()

  func run(in context: StepContext) throws {
    try journal.add("head")
    try context.write(String(context.text(from).prefix(count)), to: out)
  }
}

/// Decides by whether its input begins with `yes`.
struct Decide: Step {
  static let code = testCode
  static let isolation = Isolation.inProcess
  var from: Artifact<Words>
  var choice = Output<Choice>()

  func run(in context: StepContext) throws {
    let bytes = try Choice.bytes(context.text(from).hasPrefix("yes"))
    try Data(bytes).write(to: URL(fileURLWithPath: context.path(choice)))
  }
}

/// Fails as long as a file is not there.
struct Fragile: Step {
  static let code = testCode
  static let isolation = Isolation.inProcess
  var from: Artifact<Words>?
  var needs: String
  var journal: Journal
  var out = Output<Words>()

  func run(in context: StepContext) throws {
    try journal.add("fragile")
    guard FileManager.default.fileExists(atPath: needs) else { throw StepFailure("not yet") }
    try context.write("done", to: out)
  }
}

/// Ends well without its output.
struct Forgetful: Step {
  static let code = testCode
  static let isolation = Isolation.inProcess
  var out = Output<Words>()
  func run(in context: StepContext) throws {}
}

/// Makes a folder, as another run or another person would.
struct Meddle: Step {
  static let code = testCode
  static let isolation = Isolation.inProcess
  var from: Artifact<Words>
  var folder: String
  var out = Output<Words>()

  func run(in context: StepContext) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try context.write("meddled", to: out)
  }
}

/// Writes a tree of two files.
struct Grow: Step {
  enum Tree: ArtifactFormat {
    static let mediaType = "application/x-tree"
    static let fileExtension = ""
    static let isTree = true
  }
  static let code = testCode
  static let isolation = Isolation.inProcess
  var text: String
  var tree = Output<Tree>()

  func run(in context: StepContext) throws {
    let root = try context.path(tree)
    try Data("a".utf8).write(to: URL(fileURLWithPath: root + "/a.txt"))
    try Data(text.utf8).write(to: URL(fileURLWithPath: root + "/b.txt"))
  }
}

/// Writes a tree of a program in a folder, or an empty one.
struct GrowProgram: Step {
  static let code = testCode
  static let isolation = Isolation.inProcess
  var isEmpty: Bool
  var tree = Output<Grow.Tree>()

  func run(in context: StepContext) throws {
    if isEmpty { return }
    let folder = try context.path(tree) + "/bin"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("#!/bin/sh\n".utf8).write(to: URL(fileURLWithPath: folder + "/run"))
    chmod(folder + "/run", 0o755)
    try Data("text".utf8).write(to: URL(fileURLWithPath: folder + "/text"))
  }
}

let testSteps: [any Step.Type] = [
  Join.self, Head.self, Decide.self, Fragile.self, Forgetful.self, Meddle.self, Grow.self,
  GrowProgram.self, Note.self, Recall.self, Patient.self,
]

/// Writes records for a feature group: a file a day with a text, which no test here reads as Parquet.
struct Note: Step {
  static let code = testCode
  static let isolation = Isolation.inProcess
  /// By date.
  var texts: [String: String]
  var more: [String]
  var records = Output<FeatureRecords>()

  init(_ texts: [String: String], more: [String] = []) {
    self.texts = texts
    self.more = more
  }

  func run(in context: StepContext) throws {
    let root = try context.path(records)
    let definition = try FeatureDefinition(
      recordIdentifier: "id", eventTime: "time",
      features: [.init("id", .integral), .init("time", .fractional)]
        + more.map { .init($0, .string) })
    try Data(definition.json.canonicalBytes()).write(
      to: URL(fileURLWithPath: root + "/group.json"))
    for (date, text) in texts {
      let folder = "\(root)/event_date=\(date)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/records.parquet"))
    }
  }
}

/// Lists the files of a history with their texts.
struct Recall: Step {
  static let code = testCode
  static let isolation = Isolation.inProcess
  var history: Artifact<FeatureHistory>
  var journal: Journal
  var out = Output<Words>()

  func run(in context: StepContext) throws {
    try journal.add("recall")
    let root = try context.path(history)
    let names = try FileManager.default.subpathsOfDirectory(atPath: root + "/batches")
      .filter { $0.hasSuffix(".parquet") }.sorted()
    let lines = try names.map {
      "\($0): " + (try String(contentsOfFile: "\(root)/batches/\($0)", encoding: .utf8))
    }
    try context.write(lines.joined(separator: "\n"), to: out)
  }
}
