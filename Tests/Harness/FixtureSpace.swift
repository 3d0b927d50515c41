// A temporary project over the fixture program: its graph, its store, and calls of the program.
// It knows no test.
import AtelierTesting
import Content
import Foundation

/// A project with a graph of shell commands and a store of its own; removed with the value.
package final class FixtureSpace: Sendable {
  package let folder: TemporaryFolder
  /// The store's folder, which does not exist before the first run.
  package let store: String

  /// A project whose graph has these nodes, as `FixtureWorkshop` describes them.
  ///
  /// The name of its folder ends in `ending`.
  package init(_ nodes: [JSONValue], config: String = "", ending: String = "") throws {
    folder = try TemporaryFolder(ending: ending)
    store = folder("store")
    try folder.write("", to: "Package.swift")
    try folder.write(config, to: "Workshops/Fixture/config.ini")
    try setGraph(nodes)
  }

  /// Replaces the graph.
  package func setGraph(_ nodes: [JSONValue]) throws {
    try folder.write(
      try JSONValue.object(["nodes": .array(nodes)]).canonicalText(),
      to: "Workshops/Fixture/graph.json")
  }

  /// Starts the program: a verb and its further words; the project and the store are added.
  ///
  /// `starter` are the words of another program that starts it, by its place in the PATH.
  package func start(
    _ words: [String], environment: [String: String] = [:], by starter: [String] = []
  ) throws -> RunningProgram {
    let added = ["--project", folder.path, "--set", "Atelier.root=\(store)"]
    let all = [TestPrograms.fixture] + words.prefix(1) + added + words.dropFirst()
    let command = starter.isEmpty ? all : ["/usr/bin/env"] + starter + all
    return try RunningProgram(
      command[0], Array(command.dropFirst()), environment: environment, captures: folder)
  }

  /// Runs the program to its end.
  package func call(_ words: String..., environment: [String: String] = [:]) throws -> EndedProgram
  {
    try start(words, environment: environment).wait()
  }

  /// `run --json` with further words.
  package func run(_ words: String..., environment: [String: String] = [:]) throws -> EndedProgram {
    try start(["run", "--json"] + words, environment: environment).wait()
  }

  /// The path of a blob, in the project's store unless another one is given.
  package func blob(_ digest: Digest, store: String? = nil) -> String {
    "\(store ?? self.store)/.atelier/cas/sha256/\(digest.hex.prefix(2))/\(digest.hex)"
  }

  /// The text of a step's output `out` in a run.
  package func text(
    of step: String, in run: EndedProgram, store: String? = nil
  ) throws -> String {
    try TestFiles.text(blob(try run.digest(of: step), store: store))
  }

  /// Changes what the newest run record says of the time that steps took.
  package func setRecordedSeconds(_ seconds: [String: Double]) throws {
    let runs = store + "/.atelier/runs"
    guard let name = TestFiles.list(runs).last else { throw ProgramError("no run in \(runs)") }
    var record = try JSONValue(parsing: TestFiles.read("\(runs)/\(name)")).object ?? [:]
    var steps = record["steps"]?.object ?? [:]
    for (step, time) in seconds {
      var fields = steps[step]?.object ?? [:]
      fields["seconds"] = .number(time)
      steps[step] = .object(fields)
    }
    record["steps"] = .object(steps)
    try TestFiles.write(try JSONValue.object(record).canonicalBytes(), to: "\(runs)/\(name)")
  }

  /// Blobs whose bytes are not what their names say; `known` holds names that need no second look.
  package func wrongBlobs(known: inout Set<String>) throws -> [String] {
    let cas = "\(store)/.atelier/cas"
    return try TestFiles.list(cas).filter { path in
      guard known.insert(path).inserted else { return false }
      let name = path.split(separator: "/").last.map(String.init) ?? ""
      return try Digest.of(TestFiles.read("\(cas)/\(path)")).hex != name
    }
  }
}
