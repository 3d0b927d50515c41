// Work on two threads: every answer once, in order, and the failure that came first.
import Testing

@testable import FileTools

@Suite struct ParallelTests {
  struct Refusal: Error, Equatable { let index: Int }

  @Test(arguments: [0, 1, 256, 257, 5000]) func answersComeInOrder(_ count: Int) throws {
    #expect(try Parallel.map(count) { $0 * 3 } == (0..<count).map { $0 * 3 })
  }

  @Test(arguments: [10, 5000]) func aFailureIsThrown(_ count: Int) {
    #expect(throws: Refusal(index: 7)) {
      try Parallel.map(count) { index in
        if index == 7 { throw Refusal(index: index) }
        return index
      }
    }
  }
}
