// A fixture project whose steps run on a Slurm cluster.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

struct ClusterSpace {
  let cluster: SlurmCluster
  let space: FixtureSpace
  /// The folder that all nodes see.
  let shared: String

  init(_ nodes: [JSONValue]) throws {
    cluster = try #require(SlurmSuite.cluster)
    space = try FixtureSpace(nodes)
    shared = space.folder("shared")
    try FileManager.default.createDirectory(atPath: shared, withIntermediateDirectories: true)
  }

  /// The settings of every call.
  func settings(_ more: [String] = []) -> [String] {
    ([
      "Atelier.shared=\(shared)", "Slurm.scratch=\(space.folder("scratch"))",
      "Atelier.lease_seconds=3", "Slurm.poll_seconds=0.3",
    ] + more).flatMap { ["--set", $0] }
  }

  func start(
    _ words: [String], settings more: [String] = [], store: String? = nil,
    environment: [String: String] = [:]
  ) throws -> RunningProgram {
    let own = store.map { ["--set", "Atelier.root=\($0)"] } ?? []
    return try space.start(
      words + settings(more) + own,
      environment: cluster.environment.merging(environment) { $1 })
  }

  /// Runs on the cluster to the end.
  func run(_ words: String..., settings more: [String] = []) throws -> EndedProgram {
    try start(["run", "--json", "--engine", "slurm"] + words, settings: more).wait()
  }

  /// How often each key was begun by a job that the cluster had not begun before, by the first digits
  /// of the key.
  func starts() -> [Substring: Int] {
    let names = TestFiles.list("\(shared)/.atelier/starts")
    return Dictionary(
      names.filter { $0.hasSuffix(".0") }.map { ($0.prefix { $0 != "." }, 1) }, uniquingKeysWith: +)
  }

  /// The tasks of this store that the cluster has and that have not ended.
  func tasks() throws -> [String] {
    let ended = try start(["engine", "jobs"]).wait()
    guard ended.code == 0 else { throw ProgramError(ended.err) }
    return ended.out.split(separator: "\n").map(String.init)
  }

  /// The tasks that are left once those had time to end that have given their answers.
  func tasksLeft() throws -> [String] {
    let end = Date().addingTimeInterval(30)
    while true {
      let tasks = try tasks()
      if tasks.isEmpty || Date() > end { return tasks }
      usleep(200_000)
    }
  }

  /// A chain of small steps, each with some at its side.
  static func layers(_ count: Int, _ width: Int, seconds: Double = 0.2) -> [JSONValue] {
    var nodes: [JSONValue] = []
    for layer in 0..<count {
      for column in 0..<width {
        let inputs = layer == 0 ? [] : (0..<width).map { "one.s\(layer - 1)x\($0)" }
        let reads = inputs.map { "$" + $0.replacing(".", with: "_") }.joined(separator: " ")
        nodes.append([
          "name": .string("one.s\(layer)x\(column)"), "inputs": .array(inputs.map { .string($0) }),
          "tools": ["sleep", "cat"],
          "script": .string(
            "sleep \(seconds); echo \(layer) \(column) > $out; "
              + (reads.isEmpty ? "" : "cat \(reads) >> $out")),
        ])
      }
    }
    return nodes
  }
}
