// The promise of the normal form against the compiler itself: sources of this checkout are edited at
// random, and as long as their normal form stays the same the compiler must read the same program.
import AtelierTesting
import Foundation
import Testing

@testable import Fingerprint

/// The compiler that reads sources without compiling them; nil where none is found.
private let compiler: String? = {
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  return folders.map { "\($0)/swiftc" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}()

@Suite struct TokenizerFuzzTests {
  /// Bytes that no compiler would take: the tokenizer says so or goes on, and ends.
  @Test func mutatedSources() throws {
    let corpus = Sample.all.filter { $0.bytes.count < 8000 }.prefix(40).map(\.bytes)
    let found = try FuzzBudget("the tokenizer", count: 2000).run(
      corpus: Array(corpus),
      words: [
        "/*", "*/", "//", "\"", "\"\"\"", "#\"", "\"#", "\\(", "\\", "#if", "`", "'", "\r\n", "/",
      ]
    ) { bytes in
      let normal: [UInt8]
      do { normal = try NormalForm.of(bytes) } catch {
        guard "\(error)".utf8.count < 1000 else { throw BrokenProperty("a message without end") }
        return false
      }
      // The normal form is a program with itself for a normal form, but for a layout that is gone.
      let again = try? NormalForm.of(normal)
      guard again == nil || again == normal else {
        throw BrokenProperty("the normal form has another normal form")
      }
      return true
    }
    #expect(found.accepted > corpus.count && found.refused > 100, "\(found)")
  }

  @Test(.enabled(if: compiler != nil, "no swiftc on the PATH"))
  func sourcesOfOneNormalFormAreOneProgram() throws {
    let budget = FuzzBudget("normal forms against the compiler", count: 15)
    var generator = SeededGenerator(state: budget.seed)
    let parser = try Parser(compiler: #require(compiler))
    let samples = Sample.all.filter { (500..<20_000).contains($0.bytes.count) }
    let begun = Date()
    var sources = 0
    var edits = 0
    while sources < 2 || budget.isToGoOn(sources, since: begun) {
      let sample = try #require(samples.randomElement(using: &generator))
      let history = Self.edited(sample, &generator)
      guard let last = history.last else { continue }
      sources += 1
      edits += history.count
      let program = try parser.program(sample.bytes)
      if try parser.program(last) == program { continue }
      // The first edit that made another program of it.
      var low = 0
      var high = history.count - 1
      while low < high {
        let middle = (low + high) / 2
        if try parser.program(history[middle]) == program {
          low = middle + 1
        } else {
          high = middle
        }
      }
      let before = low > 0 ? history[low - 1] : sample.bytes
      let at = zip(before, history[low]).prefix { $0 == $1 }.count
      func excerpt(_ bytes: [UInt8]) -> String {
        String(decoding: bytes[max(0, at - 60)..<min(bytes.count, at + 60)], as: UTF8.self)
          .debugDescription
      }
      Issue.record(
        """
        ATELIER_SEED=\(budget.seed), \(sample.path), byte \(at): one normal form, two programs
        before \(excerpt(before))
        after \(excerpt(history[low]))
        """)
      return
    }
    print("\(sources) sources with \(edits) edits that kept the normal form")
    #expect(edits > sources)
  }

  /// The source after each of a row of edits that keep its normal form.
  private static func edited(
    _ sample: Sample, _ generator: inout SeededGenerator
  ) -> [[UInt8]] {
    let pieces = [
      " ", "  ", "\t", "\n", "\n\n", "/**/", "/* x */", "/* /* \" */ */", "/*\n*/", "// x\n",
      "//\"\n", "///*\n", " /*)*/ ", "\r\n", "\n// }\n", "/*/ */", "/***/", "//*/\n", "\n  ",
    ].map { Array($0.utf8) }
    var bytes = sample.bytes
    var history: [[UInt8]] = []
    for _ in 0..<250 {
      var next = bytes
      let position = Int.random(in: 0...next.count, using: &generator)
      let piece = pieces.randomElement(using: &generator) ?? []
      switch Int.random(in: 0..<4, using: &generator) {
      case 0:
        // Layout that is there, gone: up to some bytes of it.
        guard let start = next[position...].firstIndex(where: { $0 == 32 || $0 == 10 }) else {
          continue
        }
        let run = next[start...].prefix { $0 == 32 || $0 == 10 }.count
        next.removeSubrange(start..<start + Int.random(in: 1...run, using: &generator))
      case 1:
        guard let start = next[position...].firstIndex(where: { $0 == 32 || $0 == 10 }) else {
          continue
        }
        next.replaceSubrange(start...start, with: piece)
      case 2:
        // A byte of whatever it is, which a comment does not mind.
        guard position < next.count else { continue }
        next[position] = UInt8.random(in: 32..<127, using: &generator)
      default: next.insert(contentsOf: piece, at: position)
      }
      guard next != bytes, (try? NormalForm.of(next)) == sample.normal else { continue }
      bytes = next
      history.append(bytes)
    }
    return history
  }
}

/// What the compiler reads out of a source, less where things stand.
private struct Parser {
  private let compiler: String
  private let folder: TemporaryFolder

  init(compiler: String) throws {
    self.compiler = compiler
    folder = try TemporaryFolder()
  }

  /// Its syntax tree in words, and whether it is a program at all.
  func program(_ source: [UInt8]) throws -> String {
    let output = folder("tree.txt")
    try TestFiles.write(source, to: folder("source.swift"))
    try TestFiles.write([], to: output)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: compiler)
    process.arguments = ["-frontend", "-dump-parse", "source.swift", "-module-name", "Source"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let text = try TestFiles.text(output)
    guard text.hasPrefix("(source_file") else {
      throw ParserFailure(description: "\(compiler) -dump-parse gave no tree: \(text.prefix(200))")
    }
    let places = /\[?source\.swift:\d+:\d+( - line:\d+:\d+)?\]?|line:\d+:\d+|0x[0-9a-f]+/
    return "exit \(process.terminationStatus)\n" + text.replacing(places, with: "")
  }
}

private struct ParserFailure: Error, CustomStringConvertible { let description: String }
