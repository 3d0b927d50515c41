// Signals while the runner itself is busy: they are heard at once, and nothing unfinished stays.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct InterruptFaultTests {
  private static let signals = [(SIGINT, Int32(130)), (SIGTERM, 143), (SIGHUP, 129)]

  /// What a run must not leave: scratch, half copies, hidden exports.
  private static func leftovers(_ space: FixtureSpace) -> [String] {
    TestFiles.list(space.store).filter {
      $0.hasPrefix(".atelier/tmp/") || $0.hasPrefix(".atelier/work/") || $0.contains(".incomplete")
    }
  }

  @Test(arguments: signals)
  func aLargeSourceIsHashed_F29(_ number: Int32, _ code: Int32) throws {
    let space = try FixtureSpace([
      ["name": "one.big", "source": "big.bin"],
      ["name": "one.free", "script": "echo free > $out"],
      ["name": "two.last", "inputs": ["one.big"], "script": "echo last > $out"],
    ])
    // A file of holes takes no room and minutes to read.
    try space.folder.write("", to: "big.bin")
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: space.folder("big.bin")))
    try file.truncate(atOffset: 400 << 30)
    try file.close()
    let running = try space.start(["run", "--json", "--jobs", "2"])
    // Whatever does not need the file goes on.
    try waitUntil("one.free") { running.hasSaid("\"status\":\"built\"") }
    let began = Date()
    running.signal(number)
    let ended = try running.wait()
    #expect(Date().timeIntervalSince(began) < 50, "it read on")
    #expect(ended.code == code && ended.signal == number, "\(ended.err)")
    #expect(ended.statuses["two.last"] == "skipped", "\(ended.out)")
    #expect(ended.events.last?["status"] == "cancelled")
    #expect(Self.leftovers(space) == [])
  }

  @Test(arguments: signals)
  func manyFilesAreDelivered_F29(_ number: Int32, _ code: Int32) throws {
    let space = try FixtureSpace([
      [
        "name": "one.tree", "makesTree": true,
        "script": "i=0; while [ $i -lt 4000 ]; do i=$((i+1)); echo $i > $out/$i; done",
      ],
      ["name": "two.export", "deliver": "one.tree", "dataset": "files"],
    ])
    let running = try space.start(["run", "--json"])
    let place = space.store + "/bucket/exports/files"
    try waitUntil("an export") {
      TestFiles.list(place).contains { $0.contains(".incomplete/") }
    }
    let began = Date()
    running.signal(number)
    let ended = try running.wait()
    #expect(Date().timeIntervalSince(began) < 50, "it delivered on")
    #expect(ended.code == code && ended.signal == number, "\(ended.err)")
    #expect(TestFiles.list(place) == [])
    #expect(Self.leftovers(space) == [])
    let next = try space.run()
    #expect(next.code == 0 && next.statuses == ["one.tree": "hit"], "\(next.out)\(next.err)")
    #expect(TestFiles.list(place).count == 4000)
  }

  /// The same folder's other machine makes it; only the wait ends.
  @Test(arguments: signals)
  func theWorkOfAnotherMachineIsAwaited_11_8(_ number: Int32, _ code: Int32) throws {
    let space = try FixtureSpace([])
    let (held, shared) = (space.folder("held"), space.folder("shared"))
    for folder in [held, shared] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    try space.setGraph([["name": "one.slow", "held": .string(held)]])
    func start(_ machine: String) throws -> RunningProgram {
      try space.start([
        "run", "--json", "--set", "Atelier.root=\(space.folder(machine))", "--set",
        "Atelier.shared=\(shared)",
      ])
    }
    let first = try start("a")
    try waitUntil("a start") { first.hasSaid(#""event":"start""#) }
    let second = try start("b")
    try waitUntil("a wait") { second.hasSaid(#""event":"waiting""#) }
    let began = Date()
    second.signal(number)
    let ended = try second.wait()
    #expect(Date().timeIntervalSince(began) < 50, "it waited on")
    #expect(ended.code == code && ended.signal == number, "\(ended.err)")
    let left = TestFiles.list(space.folder("b")).filter { $0.hasPrefix(".atelier/work/") }
    #expect(left == [])
    // The other machine's lease is still its own, and ends with its run.
    #expect(TestFiles.list(shared + "/.atelier/leases").count == 1)
    first.signal(SIGTERM)
    #expect(try first.wait().code == 143)
    #expect(TestFiles.list(shared + "/.atelier/leases") == [])
  }

  /// A disk that takes seconds for each flush: the run ends with it, and what it said to be built is.
  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/cc"), "no C compiler"),
    arguments: signals)
  func aSlowDiskCommits_11_8(_ number: Int32, _ code: Int32) throws {
    let space = try FixtureSpace([
      ["name": "one.a", "script": "echo a > $out"],
      ["name": "one.b", "inputs": ["one.a"], "tools": ["cat"], "script": "cat $one_a > $out"],
    ])
    let library = try Self.slowFlushes(space)
    let running = try space.start(
      ["run", "--json"],
      environment: ["LD_PRELOAD": library, "SLOW_FLUSHES": space.folder("flushes")])
    // The first result is on its way to the disk.
    try waitUntil("a flush") {
      TestFiles.list(space.store).contains { $0.hasPrefix(".atelier/cas/") }
        && FileManager.default.fileExists(atPath: space.folder("flushes"))
    }
    let began = Date()
    running.signal(number)
    let ended = try running.wait()
    #expect(Date().timeIntervalSince(began) < 100, "it went on")
    #expect(ended.code == code && ended.signal == number, "\(ended.code) \(ended.out)\(ended.err)")
    #expect(Self.leftovers(space) == [])
    let fsck = try space.call("store", "fsck")
    #expect(fsck.code == 0, "\(fsck.out)\(fsck.err)")
    let next = try space.run()
    #expect(next.code == 0, "\(next.out)\(next.err)")
    for (step, status) in ended.statuses where status == "built" {
      #expect(next.statuses[step] == "hit", "\(step) was said to be built")
    }
  }

  /// A library under which each flush takes half a second, and the first one makes a file.
  private static func slowFlushes(_ space: FixtureSpace) throws -> String {
    try space.preloadable(
      """
      #define _GNU_SOURCE
      #include <fcntl.h>
      #include <stdlib.h>
      #include <sys/syscall.h>
      #include <time.h>
      #include <unistd.h>
      static void wait_long(void) {
        const char *mark = getenv("SLOW_FLUSHES");
        if (mark) { int file = open(mark, O_CREAT | O_WRONLY, 0600); if (file >= 0) close(file); }
        struct timespec rest = { 0, 500000000 };
        while (nanosleep(&rest, &rest) != 0) {}
      }
      int fsync(int file) { wait_long(); return (int)syscall(SYS_fsync, file); }
      int fdatasync(int file) { wait_long(); return (int)syscall(SYS_fdatasync, file); }
      int syncfs(int file) { wait_long(); return (int)syscall(SYS_syncfs, file); }
      """, named: "slow")
  }

  /// A server that takes connections and never says a word.
  @Test(arguments: signals)
  func aSilentBucketIsListed_11_8(_ number: Int32, _ code: Int32) throws {
    let space = try FixtureSpace([["name": "one.a", "script": "echo a > $out"]])
    let server = try LoopbackPort.silent()
    defer { close(server.descriptor) }
    let environment = BucketServer.keys.merging([
      "AWS_ENDPOINT_URL": "http://127.0.0.1:\(server.port)", "NO_PROXY": "127.0.0.1",
      "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
    ]) { $1 }
    let verbs = [
      ["run"], ["watch", "--once", "--set", "Fixture.input=s3://bucket/in"],
      ["store", "gc", "--remote"], ["features", "list"],
    ]
    for words in verbs {
      let running = try space.start(
        words + ["--set", "Atelier.store=s3", "--set", "AWS.s3_bucket_name=bucket"],
        environment: environment)
      try waitUntil("a question of \(words)") { LoopbackPort.hasUnread(server.port) }
      let began = Date()
      running.signal(number)
      let ended = try running.wait()
      #expect(Date().timeIntervalSince(began) < 50, "\(words): it listened on")
      #expect(ended.code == code && ended.signal == number, "\(words): \(ended.code) \(ended.err)")
      #expect(Self.leftovers(space) == [])
    }
  }
}
