// What machines do to a store: no threads, a name in the way of a result, default ACLs, a group's
// umask, a file system that is read-only.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct FaultMachineTests {
  private static let graph: [JSONValue] = [
    ["name": "one.a", "script": "echo a > $out; echo said >&2"],
    ["name": "one.b", "inputs": ["one.a"], "tools": ["cat"], "script": "cat $one_a > $out"],
    ["name": "two.published", "deliver": "one.b", "dataset": "data"],
  ]

  @Test func d3AResultThatCannotBeKeptIsRecordedAndTheEndReported() throws {
    let space = try FixtureSpace(Self.graph)
    let first = try space.run()
    try #require(first.code == 0, "\(first.err)")
    let key = try #require(first.step("one.b")?["key"]?.string.flatMap { Digest($0) })
    // A file where the folder of the result has to be.
    let shard = "\(space.store)/.atelier/ac/\(key.hex.prefix(2))"
    try FileManager.default.removeItem(atPath: shard)
    for name in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm", "current"] {
      try? FileManager.default.removeItem(atPath: "\(space.store)/.atelier/\(name)")
    }
    try TestFiles.write([], to: shard)
    let records = TestFiles.list(space.store + "/.atelier/runs")
    let run = try space.start(["run", "--json"]).wait(seconds: 60)
    #expect(run.code == 5, "\(run.out)\(run.err)")
    #expect(
      run.events.last?["event"] == "run" && run.events.last?["status"] == "failed", "\(run.out)")
    #expect(
      run.out.contains("could not be kept") && run.err.contains(shard), "\(run.out)\(run.err)")
    #expect(TestFiles.list(space.store + "/.atelier/runs").count == records.count + 1)
    try FileManager.default.removeItem(atPath: shard)
    let next = try space.run()
    #expect(next.code == 0 && next.statuses["one.a"] != "failed", "\(next.err)")
    #expect(try space.run().statuses == ["one.a": "hit", "one.b": "hit"])
  }

  @Test func f9ARunEndsWhereNoThreadCanBeStarted() throws {
    var failed = 0
    // Address space in MiB: from too little for the program to enough for all of its threads.
    for size in stride(from: 40, through: 280, by: 20) {
      let space = try FixtureSpace(Self.graph)
      let run = try space.start(
        ["run", "--json", "--jobs", "2"], by: ["prlimit", "--as=\(size << 20)"]
      ).wait(seconds: 60)
      #expect(
        [0, 1, 5, 127, 132, 133, 134, 139].contains(run.code), "\(size): \(run.code) \(run.err)")
      if run.code != 0 { failed += 1 }
      let next = try space.run()
      #expect(next.code == 0, "\(size): \(next.err)")
    }
    #expect(failed > 0)
  }

  @Test func f1StepsRunBelowADefaultACL() throws {
    let space = try FixtureSpace(Self.graph)
    try setDefaultACL(space)
    let run = try space.run()
    #expect(run.code == 0, "\(run.out)\(run.err)")
    #expect(run.statuses == ["one.a": "built", "one.b": "built"])
    #expect(try space.run().statuses == ["one.a": "hit", "one.b": "hit"])
  }

  /// `setfacl -d -m u:65534:rx`, by the attribute's bytes: version 2, then tag, permissions and id of each entry.
  private func setDefaultACL(_ space: FixtureSpace) throws {
    let folder = space.folder.path
    let entries: [(tag: UInt16, permissions: UInt16, id: UInt32)] = [
      (0x01, 7, .max), (0x02, 5, 65534), (0x04, 5, .max), (0x10, 5, .max), (0x20, 5, .max),
    ]
    var bytes: [UInt8] = [2, 0, 0, 0]
    for entry in entries {
      for part in [entry.tag, entry.permissions] {
        bytes += [UInt8(part & 0xFF), UInt8(part >> 8)]
      }
      bytes += (0..<4).map { UInt8(truncatingIfNeeded: entry.id >> ($0 * 8)) }
    }
    let digits = bytes.map { String(UInt16($0) | 0x100, radix: 16).dropFirst() }.joined()
    let script =
      "import os, sys; os.setxattr(sys.argv[1], 'system.posix_acl_default', bytes.fromhex(sys.argv[2]))"
    let ended = try RunningProgram(
      "/usr/bin/env", ["python3", "-c", script, folder, digits], environment: [:],
      captures: space.folder
    ).wait()
    try #require(ended.code == 0, "\(ended.err)")
  }

  /// All that a run makes follows the umask; a blob is read-only for everybody.
  @Test(arguments: [0o002, 0o007, 0o077])
  func b1AllThatARunMakesFollowsTheUmask(_ mask: Int) throws {
    let space = try FixtureSpace(Self.graph)
    try FileManager.default.createDirectory(
      atPath: space.store, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o777 & ~mask])
    let text = String(mask, radix: 8)
    let run = try space.start(
      ["run", "--json"], by: ["sh", "-c", "umask \(text); exec \"$@\"", "sh"]
    ).wait(seconds: 60)
    #expect(run.code == 0, "\(run.err)")
    let tag = try space.start(
      ["store", "tag", "kept"], by: ["sh", "-c", "umask \(text); exec \"$@\"", "sh"]
    ).wait(seconds: 60)
    #expect(tag.code == 0, "\(tag.err)")
    for case let name as String in FileManager.default.enumerator(atPath: space.store) ?? .init() {
      let path = "\(space.store)/\(name)"
      var status = stat()
      try #require(lstat(path, &status) == 0)
      let mode = Int(status.st_mode) & 0o777
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      if status.st_mode & S_IFMT == S_IFLNK || mode == 0o444 || name.hasPrefix(".atelier/trees") {
        continue
      }
      let expected = (isFolder ? 0o777 : 0o666) & ~mask
      #expect(mode == expected, "\(name): \(String(mode, radix: 8)), umask \(text)")
    }
  }

  @Test(.enabled(if: SmallDisk.isPossible, Comment(rawValue: SmallDisk.absence)))
  func b11AStoreThatCannotBeWrittenIsForReaders() throws {
    let space = try FixtureSpace(Self.graph)
    try space.folder.write("x\n", to: "input/a.csv")
    let disk = try SmallDisk(at: space.store, "size=64m")
    defer { disk.remove() }
    func call(_ words: String...) throws -> EndedProgram {
      try space.start(words, by: disk.entry).wait(seconds: 60)
    }
    #expect(try call("run", "--json").code == 0)
    try disk.remount("ro", space.folder)
    let fsck = try call("store", "fsck")
    #expect(fsck.code == 0 && fsck.err.contains("nothing is moved"), "\(fsck.out)\(fsck.err)")
    let run = try call("run", "--json")
    #expect(
      run.code == 0 && run.statuses == ["one.a": "hit", "one.b": "hit"], "\(run.out)\(run.err)")
    #expect(run.events.last?["event"] == "run" && run.events.last?["hits"] == 2, "\(run.out)")
    #expect(try call("run").code == 0)
    // B10: no dump of a value of Foundation.
    let watch = try call("watch", "--once")
    #expect(watch.code == 5 && !watch.err.contains("Domain"), "\(watch.code) \(watch.err)")
    #expect(
      watch.err.contains("Read-only file system") && watch.err.contains(space.store), "\(watch.err)"
    )
    // D9: what cannot be written is no mistake of the command line.
    try space.setGraph(Self.graph + [["name": "two.new", "script": "echo new > $out"]])
    let refused = try call("run")
    #expect(refused.code == 5 && refused.err.contains("Read-only file system"), "\(refused.err)")
  }

  @Test func f8AWatcherHasNoMoreThreadsAtItsLastFile() throws {
    let space = try FixtureSpace([["name": "one.a", "script": "echo a > $out"]])
    for number in 0..<40 { try space.folder.write("\(number)\n", to: "input/\(number).csv") }
    let watcher = try space.start([
      "watch", "--jobs", "8", "--settle", "0", "--interval", "1", "--set",
      "Fixture.input=\(space.folder("input"))",
    ])
    defer {
      watcher.signal(SIGKILL)
      _ = try? watcher.wait()
    }
    var threads: [Int] = []
    let end = Date().addingTimeInterval(120)
    let done = "\(space.store)/.atelier/watch"
    while Date() < end {
      let entries = TestFiles.list(done).filter {
        $0.contains("/entries/") && $0.hasSuffix(".json")
      }
      let states = entries.compactMap { try? TestFiles.text("\(done)/\($0)") }
      let count = states.count { $0.contains("\"done\"") }
      if count >= 5 { threads.append(Self.threads(of: watcher.pid)) }
      if count == 40 { break }
      usleep(20_000)
    }
    #expect((threads.first ?? 0) > 0)
    // One run's eight slots may end while the next one's begin.
    #expect((threads.last ?? .max) <= (threads.first ?? 0) + 10, "\(threads)")
    #expect((threads.max() ?? .max) < 40, "\(threads)")
  }

  private static func threads(of pid: pid_t) -> Int {
    (try? TestFiles.text("/proc/\(pid)/status"))?.split(separator: "\n")
      .first { $0.hasPrefix("Threads:") }
      .flatMap { Int($0.dropFirst(8).trimmingCharacters(in: .whitespaces)) } ?? 0
  }
}
