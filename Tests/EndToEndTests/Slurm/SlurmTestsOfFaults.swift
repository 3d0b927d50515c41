// What a real cluster does to jobs, too slow for every run of the tests: `make soak-slurm`.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(
  .slurm, .serialized, .serialPrograms,
  .enabled(if: SlurmCluster.absence == nil, Comment(rawValue: SlurmCluster.absence ?? "")),
  .enabled(
    if: ProcessInfo.processInfo.environment["ATELIER_SOAK"] != nil,
    "minutes long; type: make soak-slurm"))
struct SlurmTestsOfFaults {
  @Test("case 2: a head killed at twenty moments", arguments: 0..<20)
  func aKilledHead(_ round: Int) throws {
    let project = try ClusterSpace(ClusterSpace.layers(4, 4, seconds: 0.5))
    let head = try project.start(["run", "--json", "--engine", "slurm"])
    // The moment of the kill is what varies: any will do.
    usleep(UInt32.random(in: 100_000...8_000_000))
    head.signal(SIGKILL)
    _ = try head.wait()
    let next = try project.run()
    #expect(next.code == 0, "\(next.out)\(next.err)")
    #expect(project.starts().values.allSatisfy { $0 == 1 }, "\(project.starts())")
    #expect(try project.tasksLeft() == [])
  }

  @Test("case 3: a node's daemon that is killed and comes back")
  func aLostNode() throws {
    let project = try ClusterSpace(ClusterSpace.layers(2, 6, seconds: 3))
    let head = try project.start(["run", "--json", "--engine", "slurm"])
    let end = Date().addingTimeInterval(60)
    while try project.cluster.queue("-t", "running").isEmpty, Date() < end { usleep(100_000) }
    try project.cluster.call("kill-node", "1")
    // The time that it is away is the fault.
    usleep(20_000_000)
    try project.cluster.call("start-node", "1")
    let ended = try head.wait(seconds: 600)
    #expect(ended.code == 0, "\(ended.out)\(ended.err)")
    #expect(project.starts().count == 12)
  }

  @Test("case 5: a controller that is killed right after a start")
  func aKilledController() throws {
    let project = try ClusterSpace(ClusterSpace.layers(2, 4, seconds: 1))
    let head = try project.start(["run", "--json", "--engine", "slurm"])
    let end = Date().addingTimeInterval(60)
    while try project.cluster.queue("-t", "running").isEmpty, Date() < end { usleep(50_000) }
    try project.cluster.call("kill-controller")
    try project.cluster.call("start")
    let ended = try head.wait(seconds: 600)
    #expect(ended.code == 0, "\(ended.out)\(ended.err)")
    let twice = project.starts().values.count { $0 > 1 }
    #expect(twice <= 1, "\(project.starts())")
  }

  @Test("case 13: a controller that is away for a while")
  func anAbsentController() throws {
    let project = try ClusterSpace(ClusterSpace.layers(2, 3, seconds: 1))
    let head = try project.start(["run", "--json", "--engine", "slurm"])
    let end = Date().addingTimeInterval(60)
    while try project.cluster.queue("-t", "running").isEmpty, Date() < end { usleep(50_000) }
    try project.cluster.signalController(SIGSTOP)
    // The time that it is away is the fault.
    usleep(60_000_000)
    try project.cluster.signalController(SIGCONT)
    let ended = try head.wait(seconds: 600)
    #expect(ended.code == 0, "\(ended.out)\(ended.err)")
    #expect(ended.notices.count { $0.contains("does not answer") } <= 2, "\(ended.notices)")
  }

  @Test("case 12: two thousand steps by few calls")
  func fewCalls() throws {
    let nodes: [JSONValue] = (0..<2000).map {
      ["name": .string("one.s\($0)"), "script": .string("echo \($0) > $out")]
    }
    let project = try ClusterSpace(nodes)
    let counts = project.space.folder("counts")
    let shims = project.space.folder("shims")
    for program in ["sbatch", "squeue"] {
      let shim = "#!/bin/sh\necho \(program) >> \(counts)\nexec /usr/bin/\(program) \"$@\"\n"
      try TestFiles.writeProgram(Array(shim.utf8), to: "\(shims)/\(program)")
    }
    let began = Date()
    let ended = try project.start(
      ["run", "--json", "--engine", "slurm"], settings: ["Slurm.poll_seconds=0"],
      environment: ["PATH": "\(shims):/usr/bin:/bin"]
    ).wait(seconds: 3000)
    #expect(ended.code == 0, "\(ended.err)")
    let calls = try TestFiles.text(counts).split(separator: "\n")
    let seconds = Date().timeIntervalSince(began)
    print(
      "2,000 steps: \(seconds) s, \(calls.count { $0 == "sbatch" }) sbatch, "
        + "\(calls.count { $0 == "squeue" }) squeue")
    #expect(calls.count { $0 == "sbatch" } <= 20)
    #expect(Double(calls.count { $0 == "squeue" }) <= seconds + 2)
  }
}
