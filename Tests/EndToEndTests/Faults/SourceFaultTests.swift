// Sources that change while steps run, and file systems whose times prove nothing. Each test is named
// by its entry in the list of faults: W from reading the engine, R from running other runners' bugs.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct SourceFaultTests {
  /// A file that is written in place and written back: `printf` keeps the inode.
  private func write(_ text: String, in path: String) throws {
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  /// A run whose step sleeps before it reads, and after; `edit` is called each time, before and after.
  private func edited(
    _ space: FixtureSpace, _ environment: [String: String] = [:],
    _ edit: (_ isBefore: Bool) throws -> Void = { _ in }
  ) throws -> EndedProgram {
    // File times have ticks: what was written just now is not believed.
    usleep(60_000)
    let running = try space.start(["run", "--json"], environment: environment)
    for (seconds, isBefore) in [(1000, true), (2000, false)] {
      try ProcessTable.wait(for: "sleep", in: space.folder.path)
      try edit(isBefore)
      try ProcessTable.endSleep(of: seconds, in: space.folder.path)
    }
    return try running.wait()
  }

  @Test(arguments: ["W1", "R1 a folder"])
  func aSourceThatChangesAndChangesBackWhileAStepRuns(_ entry: String) throws {
    let isTree = entry.hasSuffix("folder")
    let space = try FixtureSpace([])
    let file = try space.folder.write("A", to: "data/in.txt")
    let source: JSONValue =
      isTree
      ? ["name": "one.words", "tree": "data"] : ["name": "one.words", "source": "data/in.txt"]
    let read = isTree ? "$one_words/in.txt" : "$one_words"
    try space.setGraph([
      source,
      [
        "name": "one.copy", "inputs": ["one.words"], "tools": ["sleep", "cat"],
        "script": .string("sleep 1000; cat \(read) > $out; sleep 2000; true"),
      ],
    ])
    let first = try edited(space) { isBefore in try write(isBefore ? "B" : "A", in: file) }
    #expect(first.code == 0, "\(first.err)")
    // It is noticed: never is B the result of A.
    let second = try edited(space)
    #expect(try space.text(of: "one.copy", in: second) == "A", "\(second.out)")
    #expect(try space.text(of: "one.copy", in: first) == "A", "\(first.out)")
    #expect(
      first.step("one.copy")?["warnings"]?.array?.isEmpty == false
        || first.out.contains("changed while the step ran"), "\(first.out)")
    #expect(second.statuses == ["one.copy": "built"])
    #expect(try space.run().statuses == ["one.copy": "hit"])
  }

  @Test func r1AProgramThatChangesAndChangesBack() throws {
    let space = try FixtureSpace([])
    let tool = space.folder("bin/tool")
    try TestFiles.writeProgram(Array("#!/bin/sh\necho one\n".utf8), to: tool)
    try space.setGraph([
      [
        "name": "one.a", "tools": ["sleep", "tool"],
        "script": "sleep 1000; tool > $out; sleep 2000; true",
      ]
    ])
    let environment = ["ATELIER_TOOL": tool]
    _ = try edited(space, environment) { isBefore in
      try write("#!/bin/sh\necho \(isBefore ? "two" : "one")\n", in: tool)
    }
    let second = try edited(space, environment)
    #expect(second.statuses == ["one.a": "built"], "\(second.out)")
    #expect(try space.text(of: "one.a", in: second) == "one\n")
  }

  /// Whole seconds: ext4 with inodes of 128 bytes.
  @Test(.enabled(if: CoarseDisk.isPossible, Comment(rawValue: CoarseDisk.absence)))
  func w3TwoWritesWithinASecondOfACoarseClock() throws {
    let disk = try CoarseDisk()
    defer { disk.remove() }
    let space = try FixtureSpace([
      ["name": "one.words", "source": .string(disk.path + "/in.txt")],
      [
        "name": "one.copy", "inputs": ["one.words"], "script": "cat $one_words > $out",
        "tools": ["cat"],
      ],
    ])
    try TestFiles.write(Array("AAAA".utf8), to: disk.path + "/in.txt")
    #expect(try space.run().code == 0)
    try write("BBBB", in: disk.path + "/in.txt")
    let second = try space.run()
    #expect(try space.text(of: "one.copy", in: second) == "BBBB", "\(second.out)")
  }

  /// A page that is dirty and mapped moves no time on tmpfs.
  @Test(
    .enabled(
      if: TestTools.path(of: "python3") != nil
        && FileManager.default.isWritableFile(atPath: "/dev/shm"), "no python3 or no /dev/shm"))
  func w6AFileInMemoryThatIsWrittenThroughAMapping() throws {
    let file = "/dev/shm/atelier-test-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try TestFiles.write(Array("0000".utf8), to: file)
    let space = try FixtureSpace([
      ["name": "one.words", "source": .string(file)],
      [
        "name": "one.copy", "inputs": ["one.words"], "script": "cat $one_words > $out",
        "tools": ["cat"],
      ],
    ])
    let python = try #require(TestTools.path(of: "python3"))
    let writer = """
      import mmap, os, sys, time
      with open(sys.argv[1], "r+b") as f:
        m = mmap.mmap(f.fileno(), 4)
        for value in (b"1111", b"2222"):
          m[:] = value
          open(sys.argv[2] + value.decode(), "w").close()
          while not os.path.exists(sys.argv[2] + value.decode() + ".seen"): time.sleep(0.005)
      """
    let process = try RunningProgram(
      python, ["-c", writer, file, space.folder("wrote-")], environment: [:],
      captures: space.folder)
    for value in ["1111", "2222"] {
      let end = Date().addingTimeInterval(60)
      while !FileManager.default.fileExists(atPath: space.folder("wrote-" + value)), Date() < end {
        usleep(2000)
      }
      // What was written just now would not be believed anyhow.
      usleep(60_000)
      let run = try space.run()
      #expect(try space.text(of: "one.copy", in: run) == value, "\(run.out)")
      try TestFiles.write([], to: space.folder("wrote-\(value).seen"))
    }
    _ = try process.wait()
  }
}
