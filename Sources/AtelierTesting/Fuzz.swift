// Fuzzing: mutated bytes for a bounded time, the same ones again for the same seed. It knows no
// format.
import Foundation
import Synchronization

/// How long to look, and from which seed.
public struct FuzzBudget: Sendable {
  /// ATELIER_SEED, else another one each time.
  public let seed: UInt64
  /// ATELIER_FUZZ_SECONDS, else what the test gives.
  public let seconds: Double

  /// The budget of a test, which is printed so that a failure comes again.
  public init(_ name: String, seconds: Double = 5) {
    let environment = ProcessInfo.processInfo.environment
    seed = environment["ATELIER_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...999_999_999)
    self.seconds = environment["ATELIER_FUZZ_SECONDS"].flatMap { Double($0) } ?? seconds
    FileHandle.standardError.write(
      Data("fuzzing \(name) for \(self.seconds) s: ATELIER_SEED=\(seed)\n".utf8))
  }

  /// Gives mutations of the corpus to `check` until the time is over; how many they were.
  ///
  /// The corpus itself comes first. `words` are put in now and then. Whatever `check` throws ends
  /// the search with the input; an input that takes more than a minute ends the process.
  public func run(
    corpus: [[UInt8]], words: [String] = [], check: ([UInt8]) throws -> Void
  ) throws -> Int {
    let watchdog = Watchdog()
    defer { watchdog.end() }
    var mutator = Mutator(corpus: corpus, words: words.map { Array($0.utf8) }, seed: seed)
    let end = Date().addingTimeInterval(seconds)
    var count = 0
    while count < corpus.count || Date() < end {
      let input = count < corpus.count ? corpus[count] : mutator.next()
      watchdog.begin(input)
      do { try check(input) } catch { throw FuzzFailure(seed: seed, input: input, error: error) }
      count += 1
    }
    return count
  }
}

/// A property that did not hold.
public struct FuzzFailure: Error, CustomStringConvertible {
  let seed: UInt64
  let input: [UInt8]
  let error: any Error

  public var description: String {
    let text = String(decoding: input.prefix(2000), as: UTF8.self).debugDescription
    return "ATELIER_SEED=\(seed): \(error), for \(input.count) bytes: \(text)"
  }
}

/// What a check throws when a property does not hold.
public struct BrokenProperty: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
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
