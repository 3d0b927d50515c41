// `watch`: each content of each file once, in order, whatever happens meanwhile.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct WatchTests {
  private let space: FixtureSpace

  /// Delivers each file with an `!` behind it; a file that says `bad` fails.
  private static let nodes: [JSONValue] = [
    [
      "name": "one.marked", "inputs": ["one.file"], "tools": ["cat", "grep"],
      "script": """
      if grep -q bad $one_file; then echo no luck >&2; exit 3; fi
      cat $one_file > $out; echo '!' >> $out
      """,
    ],
    ["name": "one.out", "deliver": "one.marked", "dataset": "marked"],
  ]

  init() throws {
    space = try FixtureSpace(Self.nodes)
    try FileManager.default.createDirectory(
      atPath: landing, withIntermediateDirectories: true)
  }

  private var landing: String { space.folder("landing") }

  private func put(_ name: String, _ text: String, age: Double = 60) throws {
    let path = "\(landing)/\(name)"
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // By a program of its own: a child that another test starts meanwhile could inherit a descriptor
    // of ours, and so hold the file open for writing.
    let source = space.folder("put-\(UUID().uuidString)")
    try TestFiles.write(Array(text.utf8), to: source)
    let copy = try RunningProgram(
      "/bin/cp", [source, path], environment: [:], captures: space.folder
    ).wait()
    guard copy.code == 0 else { throw ProgramError("cp: \(copy.err)") }
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path)
  }

  private func start(_ words: String...) throws -> RunningProgram {
    try space.start(
      [
        "watch", "--set", "Fixture.input=\(landing)", "--settle", "0", "--interval", "0.02",
        "--json",
      ] + words)
  }

  private func once() throws -> EndedProgram { try start("--once").wait() }

  private func events(_ ended: EndedProgram) -> [String] {
    ended.events.compactMap { event in
      event["event"]?.string.flatMap { name in event["object"]?.string.map { "\(name) \($0)" } }
    }
  }

  /// What was delivered, in the order of delivery.
  private func delivered() throws -> [String] {
    let place = "\(space.store)/bucket/exports/marked"
    return try TestFiles.list(place).filter { $0.contains("/part-") }.sorted().map {
      try TestFiles.text("\(place)/\($0)")
    }
  }

  // MARK: - Once, in order

  @Test func eachFileRunsOnceInTheOrderOfArrival() throws {
    try put("z.csv", "first\n", age: 90)
    try put("deep/er/a.csv", "second\n", age: 80)
    try put(".hidden.csv", "no\n")
    try put("upload.csv.part", "no\n")
    try put("readme.txt", "no\n")
    let first = try once()
    #expect(first.code == 0, "\(first.err)")
    #expect(
      events(first) == [
        "arrived z.csv", "arrived deep/er/a.csv", "started z.csv", "done z.csv",
        "started deep/er/a.csv", "done deep/er/a.csv",
      ])
    #expect(try delivered() == ["first\n!\n", "second\n!\n"])

    // Nothing new, though one was touched and one has another's content under a name of its own.
    try put("z.csv", "first\n", age: 5)
    #expect(try events(once()) == [])
    try put("copy.csv", "first\n")
    try put("z.csv", "third\n")
    let second = try once()
    #expect(events(second).filter { $0.hasPrefix("done") } == ["done copy.csv", "done z.csv"])
    #expect(try delivered() == ["first", "second", "first", "third"].map { "\($0)\n!\n" })
    #expect(TestFiles.list("\(space.store)/.atelier/watch").filter { $0.contains("/files/") } == [])
    let list = try space.call("watch", "--list", "--set", "Fixture.input=\(landing)")
    #expect(list.out.split(separator: "\n").count == 4)
  }

  @Test func aFileInTheMakingIsLeftAlone() throws {
    try put("slow.csv", "half")
    let writer = try RunningProgram(
      "/bin/sh",
      [
        "-c",
        "exec 3>>'\(landing)/slow.csv'; while [ ! -e '\(space.folder("go"))' ]; do sleep 0.02; done; "
          + "echo ' whole' >&3",
      ],
      environment: [:], captures: space.folder)
    // The writer holds the file from here on.
    try waitUntil("the writer has the file open") {
      TestFiles.list("/proc/\(writer.pid)/fd").contains("3")
        || !FileManager.default.fileExists(atPath: "/proc")
    }
    let watcher = try start()
    try put("quick.csv", "quick\n")
    try waitUntil("the other file is done") { watcher.hasSaid("\"event\":\"done\"") }
    #expect(!watcher.hasSaid("slow.csv"))
    try TestFiles.write([], to: space.folder("go"))
    #expect(try writer.wait().code == 0)
    try waitUntil("the slow file arrived") { watcher.hasSaid("slow.csv") }
    try waitUntil("both are delivered") { try delivered().count == 2 }
    watcher.signal(SIGTERM)
    #expect(try watcher.wait().code == 143)
    #expect(try delivered() == ["quick\n!\n", "half whole\n!\n"])
  }

  // MARK: - Failures

  @Test func aFailureIsKeptWithItsReasonAndBlocksNothing() throws {
    try put("a.csv", "bad\n", age: 90)
    try put("b.csv", "good\n", age: 80)
    try put("c.csv", "", age: 70)
    let ended = try once()
    #expect(ended.code == 1)
    #expect(
      events(ended).suffix(6) == [
        "started a.csv", "failed a.csv", "started b.csv", "done b.csv", "started c.csv",
        "failed c.csv",
      ])
    let list = try space.call("watch", "--list", "--set", "Fixture.input=\(landing)")
    let lines = list.out.split(separator: "\n")
    #expect(lines.first?.contains("one.marked") == true, "\(list.out)")
    #expect(lines.last?.contains("c.csv is empty; expected content") == true, "\(list.out)")
    // It is not tried again by itself, but when somebody asks, on the very bytes that arrived.
    #expect(try events(once()) == [])
    try FileManager.default.removeItem(atPath: "\(landing)/a.csv")
    try space.setGraph([
      [
        "name": "one.marked", "inputs": ["one.file"], "tools": ["cat"],
        "script": "cat $one_file > $out",
      ]
    ])
    let retry = try space.call(
      "watch", "--retry", "a.csv", "--set", "Fixture.input=\(landing)")
    #expect(retry.code == 0, "\(retry.err)")
    #expect(try events(once()) == ["retry a.csv", "started a.csv", "done a.csv"])
    let wrong = try space.call("watch", "--retry", "b.csv", "--set", "Fixture.input=\(landing)")
    #expect(wrong.code == 2 && wrong.err.contains("'b.csv' is done"), "\(wrong.err)")
    let unknown = try space.call("watch", "--retry", "d.csv", "--set", "Fixture.input=\(landing)")
    #expect(unknown.code == 2 && unknown.err.contains("never arrived"), "\(unknown.err)")
  }

  @Test func onlyOneProcessWatchesAPlace() throws {
    let first = try start()
    try put("a.csv", "a\n")
    try waitUntil("it watches") { first.hasSaid("done") }
    let second = try once()
    #expect(second.code == 5)
    #expect(second.err.contains("another process watches this place"), "\(second.err)")
    // A watcher at rest does not stand in the way of cleaning.
    #expect(try space.call("store", "gc").code == 0)
    first.signal(SIGINT)
    #expect(try first.wait().code == 130)
  }

  @Test func aPlaceThatNamesNoBucketIsRefusedByItsSetting() throws {
    let ended = try space.call("watch", "--once", "--set", "Fixture.input=s3:///x")
    #expect(ended.code == 2)
    #expect(
      ended.err.contains(
        "[Fixture] input: 's3:///x' is no place in a bucket; expected s3://bucket/key"),
      "\(ended.err)")
    #expect(!FileManager.default.fileExists(atPath: space.store))
  }

  // MARK: - Interruptions

  @Test func aFileThatIsReplacedWhileItRunsBecomesTheNext() throws {
    let orders = space.folder("orders")
    try FileManager.default.createDirectory(atPath: orders, withIntermediateDirectories: true)
    try space.setGraph(Self.nodes + [["name": "two.held", "held": .string(orders)]])
    try TestFiles.write([], to: "\(orders)/two.held")
    try put("a.csv", "old\n")
    let watcher = try start()
    try waitUntil("the run has begun") { watcher.hasSaid("\"started\"") }
    try put("a.csv", "new\n", age: 1)
    try TestFiles.write(Array("go\n".utf8), to: "\(orders)/two.held")
    try waitUntil("both are delivered") { try delivered().count == 2 }
    watcher.signal(SIGTERM)
    #expect(try watcher.wait().code == 143)
    #expect(try delivered() == ["old\n!\n", "new\n!\n"])
  }

  @Test func killedAnywhereEachFileIsStillDoneOnce() throws {
    let names = (0..<6).map { "\($0).csv" }
    for (index, name) in names.enumerated() {
      try put(name, "\(name)\n", age: Double(100 - index))
    }
    var done: [String] = []
    for round in 0..<8 {
      let watcher = try start("--once")
      // The moment of the kill is what varies: any will do.
      usleep(UInt32(30_000 + 37_000 * round))
      watcher.signal(SIGKILL)
      done += try events(watcher.wait()).filter { $0.hasPrefix("done") }
    }
    done += try events(once()).filter { $0.hasPrefix("done") }
    // What was said to be done was never run again; a kill may come before it is said.
    #expect(Set(done).count == done.count)
    #expect(try delivered() == names.map { "\($0)\n!\n" })
    let list = try space.call(
      "watch", "--list", "--json", "--set", "Fixture.input=\(landing)")
    #expect(list.events.map { $0["object"]?.string } == names)
    #expect(list.events.allSatisfy { $0["state"] == "done" })
    #expect(try events(once()) == [])
  }
}

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct WatchBucketTests {
  @Test func objectsOfABucketRunOnceEach() throws {
    let project = try SharedProject([
      SharedProject.step("one.copy", ["one.file"], "cat $one_file > $out")
    ])
    func put(_ name: String, _ text: String) throws {
      try project.client.put(
        Array(text.utf8), key: "team/project/input/\(name)", condition: .always)
    }
    func once() throws -> [String] {
      let ended = try project.start("a", verb: ["watch", "--once", "--json"]).wait()
      #expect(ended.code == 0, "\(ended.err)")
      return ended.events.filter { $0["event"] == "done" }.compactMap { $0["object"]?.string }
    }
    try put("a.csv", "one\n")
    try put("deep/b.csv", "two\n")
    try put("folder/", "")
    #expect(try Set(once()) == ["a.csv", "deep/b.csv"])
    #expect(try once() == [])
    // Written anew with the same bytes, and with others.
    try put("a.csv", "one\n")
    try put("deep/b.csv", "three\n")
    #expect(try once() == ["deep/b.csv"])
  }
}
