// Measurements, off unless ATELIER_BENCH is set: they print and expect nothing but correctness.
import AtelierTesting
import Content
import Foundation
import Testing

private let isOn = ProcessInfo.processInfo.environment["ATELIER_BENCH"] != nil

@Suite(.serialized, .enabled(if: isOn)) struct StoreBenchmarks {
  private func measure<Answer>(_ name: String, _ body: () throws -> Answer) rethrows -> Answer {
    let start = ContinuousClock.now
    let answer = try body()
    print("bench \(name): \(ContinuousClock.now - start)")
    return answer
  }

  @Test func aTreeOfTwentyThousandFiles() throws {
    let space = try Space()
    let folder = "\(space.base)/work/tree"
    for number in 0..<20_000 {
      let text = "\(number) " + String(repeating: "x", count: 4089)
      try TestFiles.write(Array(text.utf8), to: "\(folder)/d\(number % 100)/f\(number)")
    }
    let outside = space.folder("outside")
    try FileManager.default.copyItem(atPath: folder, toPath: outside)
    settle()
    let tree = try measure("adopt tree") {
      try space.store.trees.adoptTree(folder, mediaType: "m")
    }
    #expect(try measure("check, same process") { try space.store.trees.check(tree) } == .good)
    let queue = space.store.commitQueue()
    try queue.submit(result("tree", outputs: ["tree": tree])) { _ in }
    try measure("commit with flush") { try queue.close() }
    try measure("close") { try space.store.close() }
    let again = try space.reopened()
    #expect(try measure("check, next process") { try again.trees.check(tree) } == .good)
    #expect(try measure("check, once more") { try again.trees.check(tree) } == .good)
    let scan = try measure("scan outside, first") { try again.trees.scanTree(outside) }
    #expect(try measure("scan outside, again") { try again.trees.scanTree(outside) } == scan)
    #expect(scan.digest == tree.digest)
    for name in ["first", "second", "third"] {
      _ = try measure("folder, \(name)") { try again.treeFolders.folder(of: tree) }
    }
    try measure("export") { try again.trees.copyOut(tree, to: space.folder("out")) }
  }

  @Test func aFileOfTwoGibibytes() throws {
    let space = try Space()
    let path = "\(space.base)/work/big"
    try TestFiles.write([], to: path)
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    let block = Data((0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) })
    for _ in 0..<2048 { try handle.write(contentsOf: block) }
    try handle.close()
    let record = try measure("adopt 2 GiB") {
      try space.store.objects.adopt(file: path, mediaType: "m")
    }
    #expect(try measure("check 2 GiB") { try space.store.trees.check(record) } == .good)
  }

  @Test func tenThousandResults() throws {
    let space = try Space()
    let results = try (0..<10_000).map {
      try result("step \($0)", outputs: ["part": try record("\($0)"), "log": try record("l\($0)")])
    }
    try measure("store 10,000") { for stored in results { try space.store.actions.store(stored) } }
    try space.store.close()
    let again = try space.reopened()
    for name in ["first", "second"] {
      try measure("10,000 lookups by rows, \(name)") {
        for stored in results { _ = try #require(try again.actions.lookup(stored.key)) }
      }
    }
    try again.close()
    try FileManager.default.removeItem(atPath: space.store.layout.index)
    let bare = try space.reopened()
    try measure("10,000 lookups by files") {
      for stored in results { _ = try #require(try bare.actions.lookup(stored.key)) }
    }
    try measure("10,000 misses") {
      for number in 0..<10_000 {
        _ = try bare.actions.lookup(ActionKey(Digest.of("none \(number)")))
      }
    }
    try measure("10,000 locks") {
      for stored in results { try #require(try bare.locks.attempt(stored.key)).release() }
    }
    try measure("close after 10,000 locks") { try bare.close() }
  }
}
