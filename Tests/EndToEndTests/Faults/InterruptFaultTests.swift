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
}
