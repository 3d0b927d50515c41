// How far work is: counted on every thread, told now and then.
import Synchronization
import Testing

@testable import FileTools

@Suite struct FileProgressTests {
  @Test func everyThreadCountsHere() throws {
    let last = Mutex(FileProgress.Count())
    let progress = FileProgress(every: 0) { count in last.withLock { $0 = max($0, count) } }
    try progress.counting {
      FileProgress.current?.begin(files: 1000, bytes: 3000)
      _ = try Parallel.map(1000, width: 4, chunk: 10) { _ in
        FileProgress.current?.add(files: 1, bytes: 3)
      }
    }
    let count = last.withLock { $0 }
    #expect(count.files == 1000 && count.bytes == 3000 && count.fraction == 1)
    #expect(FileProgress.current == nil)
  }

  @Test func itTellsOnlyNowAndThen() {
    let told = Atomic<Int>(0)
    let progress = FileProgress(every: 1_000_000) { _ in told.add(1, ordering: .relaxed) }
    for _ in 0..<10_000 { progress.add(files: 1) }
    #expect(told.load(ordering: .relaxed) == 0)
  }

  @Test func theShareIsThatOfFilesAndBytes() {
    var count = FileProgress.Count()
    #expect(count.fraction == 0)
    count.allFiles = 4
    count.files = 2
    count.allBytes = 100
    #expect(count.fraction == 0.5)
    count.bytes = 100
    #expect(count.fraction == 0.75)
    count.bytes = 1000
    #expect(count.fraction == 1)
  }
}

extension FileProgress.Count: Comparable {
  public static func < (a: Self, b: Self) -> Bool { a.files < b.files }
}
