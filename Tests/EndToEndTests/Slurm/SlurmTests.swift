// The same graphs as jobs of a real Slurm cluster: equal results, and what becomes of faults.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(
  .slurm, .serialized, .serialPrograms,
  .enabled(if: SlurmCluster.absence == nil, Comment(rawValue: SlurmCluster.absence ?? "")))
struct SlurmTests {
  @Test("case 1: the digests of a local run, and nothing to do afterwards")
  func sameDigestsAsLocally() throws {
    let project = try ClusterSpace(ClusterSpace.layers(3, 3, seconds: 0))
    let jobs = try project.run()
    #expect(jobs.code == 0, "\(jobs.out)\(jobs.err)")
    // Where the cluster starts a job once more, what it made before is there.
    #expect(Set(jobs.statuses.values).isSubset(of: ["built", "hit"]))
    let local = try project.space.start(
      ["run", "--json", "--set", "Atelier.root=\(project.space.folder("other"))"]
    ).wait()
    #expect(local.code == 0)
    for name in local.statuses.keys {
      #expect(try jobs.digest(of: name) == local.digest(of: name), "\(name)")
    }
    let step = try #require(jobs.events.first { $0["engine"] != nil })
    #expect(step["engine"] == "slurm" && step["node"]?.string?.isEmpty == false, "\(step)")
    #expect(project.starts().values.allSatisfy { $0 == 1 })
    let before = try project.cluster.queue("-t", "all", "-o", "%F").count
    let again = try project.run()
    #expect(Set(again.statuses.values) == ["hit"], "\(again.out)")
    #expect(try project.cluster.queue("-t", "all", "-o", "%F").count <= before)
    #expect(try project.tasksLeft() == [])
  }

  @Test("case 2: a head killed at any moment costs nothing twice", arguments: [0.4, 1.6, 3.2])
  func aKilledHeadIsTakenOver(_ moment: Double) throws {
    let project = try ClusterSpace(ClusterSpace.layers(3, 4, seconds: 0.7))
    let head = try project.start(["run", "--json", "--engine", "slurm"])
    // The moment of the kill is what varies: any will do.
    usleep(UInt32(moment * 1e6))
    head.signal(SIGKILL)
    _ = try head.wait()
    let next = try project.run()
    #expect(next.code == 0, "\(next.out)\(next.err)")
    #expect(Set(next.statuses.values).isSubset(of: ["built", "hit"]))
    #expect(project.starts().count == 12)
    #expect(project.starts().values.allSatisfy { $0 == 1 }, "\(project.starts())")
    #expect(try project.tasksLeft() == [])
  }

  @Test("case 4: a submission without an answer is one submission")
  func aStoppedControllerTakesOneJob() throws {
    let project = try ClusterSpace(ClusterSpace.layers(1, 2, seconds: 0))
    try project.cluster.signalController(SIGSTOP)
    let head = try project.start(["run", "--json", "--engine", "slurm"])
    // Longer than a client of Slurm waits for an answer.
    usleep(14_000_000)
    try project.cluster.signalController(SIGCONT)
    let ended = try head.wait()
    #expect(ended.code == 0, "\(ended.out)\(ended.err)")
    #expect(project.starts().count == 2 && project.starts().values.allSatisfy { $0 == 1 })
  }

  @Test("cases 7 and 8: steps that fail say so, and are tried again where they are")
  func failuresAreTheSteps() throws {
    let project = try ClusterSpace([
      ["name": "one.three", "script": "echo so it ends; exit 3", "retries": 2],
      ["name": "one.signal", "script": "kill -SEGV $$"],
      // dd takes as much memory as its block has, and fills it; a shell's strings take what they like.
      [
        "name": "one.memory", "memory": 64, "tools": ["dd"],
        "script": "echo big > $out; exec dd if=/dev/zero of=/dev/null bs=400M count=1",
      ],
      [
        "name": "one.grows", "memory": 200, "mayGrow": true, "tools": ["dd"],
        "script": "echo grown > $out; exec dd if=/dev/zero of=/dev/null bs=340M count=1",
      ],
      ["name": "one.fine", "script": "echo fine > $out"],
    ])
    let ended = try project.run("--keep-going")
    #expect(ended.code == 1, "\(ended.out)\(ended.err)")
    // A node that seemed to be lost may have made it before.
    #expect(["built", "hit"].contains(ended.statuses["one.fine"]))
    func message(_ name: String) -> String {
      ended.events.last { $0["step"]?.string == name }?["message"]?.string ?? ""
    }
    #expect(message("one.three").contains("code 3"), "\(message("one.three"))")
    #expect(message("one.three").contains("so it ends"))
    #expect(message("one.signal").contains("signal"), "\(message("one.signal"))")
    if project.cluster.limitsMemory {
      #expect(ended.statuses["one.memory"] == "failed", "\(ended.out)")
      #expect(message("one.memory").contains("more than 64 MiB"), "\(message("one.memory"))")
      #expect(["built", "hit"].contains(ended.statuses["one.grows"]), "\(message("one.grows"))")
      #expect(ended.notices.contains { $0.contains("twice as much") }, "\(ended.notices)")
    }
    // All attempts were made by one job.
    #expect(project.starts().values.count { $0 > 1 } <= 1, "\(project.starts())")
    let log = try project.space.start(["log", "one.three"]).wait()
    #expect(log.out.contains("attempt 3 of 3"), "\(log.out)\(log.err)")
  }

  @Test("case 9: a node with another program is refused and left out, and the run ends well")
  func aNodeWithAnotherProgram() throws {
    let project = try ClusterSpace([
      [
        "name": "one.a", "program": "tool", "tools": [],
        "script": "echo made > $out",
      ]
    ])
    let tool = project.space.folder("tool")
    let other = project.space.folder("other")
    try TestFiles.writeProgram(Array("#!/bin/sh\nexec /bin/sh \"$@\"\n".utf8), to: tool)
    try TestFiles.writeProgram(Array("#!/bin/sh\n# other\nexec /bin/sh \"$@\"\n".utf8), to: other)
    // The first two nodes see another file at the tool's path.
    let last = project.cluster.node(3)
    let setup =
      "[ \"$SLURMD_NODENAME\" = \(last) ] || [ -n \"$SEEN\" ] || { export SEEN=1; exec unshare -m /bin/sh "
      + "-c 'mount --bind \(other) \(tool); exec /bin/sh \"$0\"' \"$0\"; }"
    let ended = try project.start(
      ["run", "--json", "--engine", "slurm"], settings: ["Slurm.setup=\(setup)"],
      environment: ["ATELIER_TOOL": tool]
    ).wait()
    #expect(ended.code == 0, "\(ended.out)\(ended.err)")
    let built = try #require(ended.events.first { $0["step"] == "one.a" && $0["engine"] != nil })
    #expect(built["node"]?.string == last, "\(built)")
    #expect(
      ended.notices.contains { $0.contains("refused it") && $0.contains("programs.tool") },
      "\(ended.notices)")
  }

  @Test("case 10: Ctrl-C leaves nothing of 500 tasks")
  func anInterruptedRunLeavesNothing() throws {
    let nodes: [JSONValue] = (0..<500).map { number in
      [
        "name": .string("one.s\(number)"), "tools": ["sleep"],
        "script": .string("sleep 500; echo \(number) > $out"),
      ]
    }
    let project = try ClusterSpace(nodes)
    let head = try project.start(["run", "--json", "--engine", "slurm"])
    let end = Date().addingTimeInterval(100)
    while try project.tasks().count < 500, Date() < end { usleep(200_000) }
    head.signal(SIGINT)
    let ended = try head.wait()
    #expect(ended.code == 130, "\(ended.err)")
    while try !project.tasks().isEmpty, Date() < end { usleep(200_000) }
    #expect(try project.tasksLeft() == [])
  }

  @Test("case 14: two heads of one shared folder run each step once")
  func twoHeads() throws {
    let project = try ClusterSpace(ClusterSpace.layers(2, 4, seconds: 0.5))
    let heads = try ["a", "b"].map { name in
      try project.start(
        ["run", "--json", "--engine", "slurm"], store: project.space.folder("store-\(name)"))
    }
    for head in heads {
      let ended = try head.wait()
      #expect(ended.code == 0, "\(ended.out)\(ended.err)")
    }
    #expect(project.starts().count == 8)
    #expect(project.starts().values.allSatisfy { $0 == 1 }, "\(project.starts())")
  }

  @Test("case 15: what the cluster never runs is told and taken back")
  func neverStarts() throws {
    let project = try ClusterSpace([
      ["name": "one.long", "script": "echo x > $out", "timeout": 864_000]
    ])
    let ended = try project.run()
    #expect(ended.code == 2, "\(ended.out)\(ended.err)")
    #expect("\(ended.out)".contains("for ever"), "\(ended.out)")
    #expect(try project.tasksLeft() == [])
  }

  @Test(
    "bad settings are named, and nothing is queued",
    arguments: [
      ("Slurm.partition=nowhere", "[Slurm] partition"),
      ("Slurm.arguments=--nonsense", "[Slurm] arguments"),
    ])
  func badSettings(_ setting: String, _ named: String) throws {
    let project = try ClusterSpace([["name": "one.a", "script": "echo a > $out"]])
    let ended = try project.run(settings: [setting])
    #expect(ended.code == 2, "\(ended.out)\(ended.err)")
    #expect(ended.out.contains(named), "\(ended.out)")
    #expect(try project.tasksLeft() == [])
  }

  @Test("more memory than any node has is refused at once")
  func tooMuchMemory() throws {
    let project = try ClusterSpace([
      ["name": "one.a", "script": "echo a > $out", "memory": 1_000_000]
    ])
    let ended = try project.run()
    #expect(ended.code == 2)
    #expect(ended.out.contains("the memory or cores that the step asks for"), "\(ended.out)")
    #expect(try project.tasksLeft() == [])
  }

  @Test func aRunIsItselfAJob() throws {
    let project = try ClusterSpace(ClusterSpace.layers(2, 2, seconds: 0.2))
    let sent = try project.start(["run", "--detach"]).wait()
    #expect(sent.code == 0, "\(sent.out)\(sent.err)")
    let end = Date().addingTimeInterval(100)
    while try project.starts().count < 4 || !project.tasks().isEmpty, Date() < end {
      usleep(200_000)
    }
    // What it did is done, for everybody.
    let next = try project.run()
    #expect(Set(next.statuses.values) == ["hit"], "\(next.out)\(sent.err)")
    #expect(project.starts().values.allSatisfy { $0 == 1 }, "\(project.starts())")
  }

  @Test func theClusterIsCheckedByAJob() throws {
    let project = try ClusterSpace([["name": "one.a", "script": "echo a > $out"]])
    let ended = try project.start(["engine", "check"]).wait()
    #expect(ended.code == 0, "\(ended.out)\(ended.err)")
    #expect(ended.out.contains("sees the folder"), "\(ended.out)")
    #expect(try project.tasksLeft() == [])
    try TestFiles.write(Array("no folder".utf8), to: project.space.folder("file"))
    let wrong = try project.space.start(
      ["engine", "check", "--set", "Atelier.shared=\(project.space.folder("file"))"],
      environment: project.cluster.environment
    ).wait()
    #expect(wrong.code == 5, "\(wrong.err)")
    #expect(wrong.err.contains("[Atelier] shared"), "\(wrong.err)")
  }
}
