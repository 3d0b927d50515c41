// Steps as training jobs of a SageMaker that really runs containers: `--engine sagemaker`.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs, .enabled(if: StandIns.isInstalled, Comment(rawValue: StandIns.absence)))
struct TrainingEngineTests {
  private static let nodes: [JSONValue] =
    ["a", "b", "c"].map { name in
      SharedProject.step("one.\(name)", [], "echo \(name) > $out")
    } + [
      SharedProject.step(
        "two.d", ["one.a", "one.b", "one.c"], "cat $one_a $one_b $one_c > $out")
    ]

  private static let words = [
    "Jobs.image=registry/atelier:1", "Jobs.role=\(WorkflowProject.jobRole)",
    "Atelier.lease_seconds=3", "Slurm.poll_seconds=0.3", "Atelier.here_seconds=0",
  ].flatMap { ["--set", $0] }

  private func start(
    _ space: ContainerProject, _ machine: String = "head", _ more: [String] = []
  ) throws -> RunningProgram {
    try space.project.start(
      ["run", "--json", "--engine", "sagemaker"] + Self.words + more, on: machine)
  }

  @Test func trainingJobsMakeTheBytesOfALocalRun() throws {
    let space = try ContainerProject(Self.nodes, region: "ap-southeast-7")
    let run = try start(space).wait()
    #expect(run.code == 0, "\(run.out) \(run.err) \(space.said)")
    #expect(Set(run.statuses.values) == ["built"])
    let step = try #require(run.events.first { $0["engine"] != nil })
    #expect(step["engine"] == "sagemaker")
    #expect(step["node"]?.string?.hasPrefix("atelier-") == true, "\(step)")
    // The machine, and with it the price, is in the record.
    #expect(step["instance"]?.string?.hasPrefix("ml.") == true, "\(step)")
    let cost = try space.project.atelier("cost", "--by", "step", "--json", on: "head").events
    let total = try #require(cost.first { $0["event"] == "total" })
    #expect(total["dollars"]?.number ?? 0 > 0 && total["unpriced"]?.object?.isEmpty == true)
    for (name, digest) in try space.digestsOfLocalRun() {
      #expect(try run.digest(of: name) == digest, "\(name)")
    }
    let jobs = try space.containers().count
    let again = try start(space, "other").wait()
    #expect(Set(again.statuses.values) == ["hit"])
    #expect(try space.containers().count == jobs)
    // What a container printed of a step is here.
    #expect(try space.project.atelier("log", "two.d", on: "head").code == 0)
  }

  @Test func throttledRequestsAndLostAnswersAndMachinesCostTimeOnly() throws {
    let space = try ContainerProject(Self.nodes, region: "ca-west-1")
    try space.set([:], tasks: [["throttle": 2], ["lost": true], ["kill": 0]])
    let run = try start(space, "head", ["--set", "Atelier.group_seconds=0"]).wait()
    #expect(run.code == 0, "\(run.out) \(run.err) \(space.said)")
    for (name, digest) in try space.digestsOfLocalRun() {
      #expect(try run.digest(of: name) == digest, "\(name)")
    }
  }

  @Test func ctrlCStopsTheJobs() throws {
    let space = try ContainerProject(Self.nodes, region: "me-central-1")
    try space.set([:], tasks: Array(repeating: ["never": true], count: 8))
    let run = try start(space)
    func open() throws -> [String] {
      try space.project.atelier(
        "engine", "jobs", "--set", "Atelier.engine=sagemaker", "--set", Self.words[1], "--set",
        Self.words[3], on: "looker"
      ).out.split(separator: "\n").map(String.init)
    }
    while try open().isEmpty { usleep(50_000) }
    run.signal(SIGINT)
    #expect(try run.wait().code == 130)
    while try !open().isEmpty { usleep(50_000) }
  }

  @Test func whatIsMissingIsToldBeforeAnythingIsAsked() throws {
    let space = try ContainerProject(Self.nodes, region: "me-south-1")
    let none = try space.project.atelier("run", "--engine", "sagemaker", expecting: 2)
    #expect(none.err.contains("Jobs.image"), "\(none.err)")
    let local = try space.project.atelier(
      "run", "--engine", "sagemaker", "--set", "Atelier.store=local", expecting: 2)
    #expect(local.err.contains("Atelier.store=s3"), "\(local.err)")
    let both = try space.project.atelier(
      "run", "--engine", "sagemaker", "--set", Self.words[1], "--set", Self.words[3], "--set",
      "SageMaker.spot=true", "--set", "SageMaker.keep_alive_seconds=60", expecting: 2)
    #expect(both.err.contains("keep_alive_seconds"), "\(both.err)")
    #expect(try space.containers().isEmpty)
  }
}
