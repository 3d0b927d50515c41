// Fuzzing: so many mutations of a corpus, the same ones again for the same seed; in a soak as many as
// a time allows. It knows no format.
import Foundation
import Synchronization

/// How much to search, and from which seed.
package struct FuzzBudget: Sendable {
  /// ATELIER_SEED, else always the same one, or in a soak another one each time.
  package let seed: UInt64
  /// How many inputs there are at least, those of the corpus included.
  package let count: Int
  /// ATELIER_FUZZ_SECONDS: a soak goes on for so long.
  package let seconds: Double?
  private let name: String

  /// The budget of a test, which is printed so that a failure comes again.
  package init(_ name: String, count: Int = 1) {
    let environment = ProcessInfo.processInfo.environment
    let seconds = environment["ATELIER_FUZZ_SECONDS"].flatMap { Double($0) }
    let isSoak = seconds != nil || environment["ATELIER_SOAK"] != nil
    seed =
      environment["ATELIER_SEED"].flatMap { UInt64($0) }
      ?? (isSoak ? .random(in: 0...999_999_999) : 1)
    self.name = name
    // ATELIER_FUZZ_TIMES: so many times as much.
    self.count = count * max(1, environment["ATELIER_FUZZ_TIMES"].flatMap { Int($0) } ?? 1)
    self.seconds = seconds
    let budget = seconds.map { "\($0) s" } ?? "\(self.count)"
    Self.say("fuzzing \(name), \(budget): ATELIER_SEED=\(seed)")
  }

  /// Gives the corpus and then mutations of it to `check` until the budget is spent.
  ///
  /// `words` are put in now and then. `check` says whether the input was accepted; whatever it throws
  /// ends the search with the input. An input that takes more than a minute ends the process.
  package func run(
    corpus: [[UInt8]], words: [String] = [], check: ([UInt8]) throws -> Bool
  ) throws -> FuzzOutcome {
    let watchdog = Watchdog()
    defer { watchdog.end() }
    var mutator = Mutator(corpus: corpus, words: words.map { Array($0.utf8) }, seed: seed)
    let begun = Date()
    var outcome = FuzzOutcome()
    while outcome.inputs < corpus.count || isToGoOn(outcome.inputs, since: begun) {
      let input = outcome.inputs < corpus.count ? corpus[outcome.inputs] : mutator.next()
      watchdog.begin(input)
      do {
        if try check(input) { outcome.accepted += 1 } else { outcome.refused += 1 }
      } catch { throw FuzzFailure(seed: seed, input: input, error: error) }
    }
    Self.say("fuzzed \(name): \(outcome) in \(Date().timeIntervalSince(begun)) s")
    return outcome
  }

  /// Whether the budget is not spent.
  package func isToGoOn(_ count: Int, since begun: Date) -> Bool {
    seconds.map { Date().timeIntervalSince(begun) < $0 } ?? (count < self.count)
  }

  private static func say(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}

/// What became of the inputs.
package struct FuzzOutcome: Sendable, CustomStringConvertible {
  package var accepted = 0
  package var refused = 0

  package var inputs: Int { accepted + refused }
  package var description: String { "\(accepted) accepted, \(refused) refused" }
}

/// A property that did not hold.
package struct FuzzFailure: Error, CustomStringConvertible {
  let seed: UInt64
  let input: [UInt8]
  let error: any Error

  package var description: String {
    let text = String(decoding: input.prefix(2000), as: UTF8.self).debugDescription
    return "ATELIER_SEED=\(seed): \(error), for \(input.count) bytes: \(text)"
  }
}

/// What a check throws when a property does not hold.
package struct BrokenProperty: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}

/// Says what hung, since a hung test says nothing.
private final class Watchdog: Sendable {
  private struct State {
    var input: [UInt8] = []
    var begun = Date()
    var isOver = false
  }
  private let state = Mutex(State())

  init() {
    Thread.detachNewThread { [self] in
      while true {
        Thread.sleep(forTimeInterval: 1)
        let hung: [UInt8]? = state.withLock { state in
          if state.isOver { return [] }
          return Date().timeIntervalSince(state.begun) > 60 ? state.input : nil
        }
        guard let hung else { continue }
        if hung.isEmpty { return }
        fatalError("no end after a minute: \(Data(hung).base64EncodedString())")
      }
    }
  }

  func begin(_ input: [UInt8]) {
    state.withLock { state in
      state.input = input
      state.begun = Date()
    }
  }

  func end() { state.withLock { $0.isOver = true } }
}

/// Makes new inputs out of old ones.
private struct Mutator {
  private let corpus: [[UInt8]]
  private let words: [[UInt8]]
  private var generator: SeededGenerator
  private static let longest = 1 << 16

  init(corpus: [[UInt8]], words: [[UInt8]], seed: UInt64) {
    self.corpus = corpus
    self.words =
      words
      + ["0", "-1", "9223372036854775808", "\u{0}", "\u{FEFF}", "é"].map {
        Array($0.utf8)
      }
    generator = SeededGenerator(state: seed)
  }

  mutating func next() -> [UInt8] {
    var bytes = corpus.randomElement(using: &generator) ?? []
    for _ in 0..<Int.random(in: 1...8, using: &generator) { change(&bytes) }
    return bytes.count > Self.longest ? Array(bytes.prefix(Self.longest)) : bytes
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    let position = Int.random(in: 0...bytes.count, using: &generator)
    let end = min(bytes.count, position + Int.random(in: 1...32, using: &generator))
    switch Int.random(in: 0..<9, using: &generator) {
    case 0 where position < bytes.count:
      bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 1 where position < bytes.count:
      bytes[position] = UInt8.random(in: .min ... .max, using: &generator)
    case 2: bytes.removeSubrange(position..<end)
    case 3: bytes.insert(contentsOf: bytes[position..<end], at: position)
    case 4: bytes.removeSubrange(position...)
    case 5:
      // The same again and again: depth and length.
      let times = Int.random(in: 2...600, using: &generator)
      let piece = Array(bytes[position..<min(end, position + 8)])
      bytes.insert(contentsOf: (0..<times).flatMap { _ in piece }, at: position)
    case 6:
      let other = corpus.randomElement(using: &generator) ?? []
      let cut = Int.random(in: 0...other.count, using: &generator)
      bytes = Array(bytes[..<position]) + other[cut...]
    default:
      bytes.insert(contentsOf: words.randomElement(using: &generator) ?? [], at: position)
    }
  }
}
