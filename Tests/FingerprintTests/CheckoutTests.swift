// The promises of the normal form, tried on the sources of this checkout.
import Foundation
import Testing

@testable import Fingerprint

/// A source of the checkout that has a normal form.
struct Sample: CustomTestStringConvertible {
  let path: String
  let bytes: [UInt8]
  let tokens: [Token]
  let normal: [UInt8]

  var testDescription: String { path }

  init?(root: URL, path: String) {
    guard let data = try? Data(contentsOf: root.appending(path: path)),
      let bytes = try? NormalForm.foldedLines(Array(data)),
      let tokens = try? Tokenizer.tokens(of: bytes), let normal = try? NormalForm.of(bytes)
    else { return nil }
    (self.path, self.bytes, self.tokens, self.normal) = (path, bytes, tokens, normal)
  }

  /// The folders of what fingerprints are made of: all of it is tried, of the rest some.
  private static let fingerprinted = [
    "Steps/", "Sources/AtelierStep/", "Sources/Content/", "Sources/DuckDB/", "Sources/Fingerprint/",
    "Sources/Subprocess/", "Sources/XGBoost/",
  ]

  /// Swift sources of the checkout, less those without a normal form.
  static let all: [Sample] = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return ["Sources", "Steps", "Workshops", "Tests"].flatMap { folder in
      FileManager.default.enumerator(atPath: root.appending(path: folder).path()).map {
        $0.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted()
          .map { folder + "/" + $0 }.enumerated()
          .filter { place, path in
            place.isMultiple(of: 16) || fingerprinted.contains { path.hasPrefix($0) }
          }
          .compactMap { Sample(root: root, path: $1) }
      } ?? []
    }
  }()

  /// Forty or so tokens, spread over the source.
  var some: [Token] {
    stride(from: 0, to: tokens.count, by: 1 + tokens.count / 40).map { tokens[$0] }
  }

  /// The source with other bytes in one place.
  func replacing(_ range: Range<Int>, with other: [UInt8]) -> [UInt8] {
    bytes[..<range.lowerBound] + other + bytes[range.upperBound...]
  }

  /// The source with other white space and comments; each gap stays what it is.
  func relaidOut(space: String, newline: String) -> [UInt8] {
    var other = Array(newline.utf8)
    for token in tokens {
      switch token.gap {
      case .nothing: break
      case .space: other += space.utf8
      case .newline: other += newline.utf8
      }
      other += bytes[token.range]
    }
    return other + newline.utf8
  }
}

@Suite struct CheckoutTests {
  @Test func findsSources() {
    #expect(Sample.all.count > 10)
    #expect(Sample.all.contains { $0.path == "Sources/Fingerprint/Tokenizer.swift" })
    #expect(Sample.all.contains { $0.tokens.contains { $0.rewritten != nil } })
  }

  @Test(arguments: Sample.all) func ignoresLayout(_ sample: Sample) {
    let layouts = [
      (" ", "\n"), ("\t  ", "\n\n\t"), (" /* a /* \" */ */ ", " // b */ '\n"),
      (" /**/", " /* a\n b */"), (" ", " \r\n"),
    ]
    for (space, newline) in layouts {
      let other = sample.relaidOut(space: space, newline: newline)
      let normal = try? NormalForm.of(other)
      // A slash among other marks than plain spaces could begin a regex: such a file is hashed raw.
      if normal == nil, space != " " || newline != "\n",
        sample.tokens.contains(where: { sample.bytes[$0.range].first == UInt8(ascii: "/") })
      {
        continue
      }
      #expect(normal == sample.normal)
    }
  }

  @Test(arguments: Sample.all) func ignoresIndentation(_ sample: Sample) {
    let lines = sample.bytes.split(separator: ASCII.newline, omittingEmptySubsequences: false)
    for indentation in ["  ", "\t", "        "] {
      let other = lines.map { $0.isEmpty ? [] : indentation.utf8 + $0 }
      #expect(
        (try? NormalForm.of(Array(other.joined(separator: [ASCII.newline])))) == sample.normal)
    }
  }

  @Test(arguments: Sample.all) func isItsOwnNormalForm(_ sample: Sample) {
    #expect((try? NormalForm.of(sample.normal)) == sample.normal)
  }

  @Test(arguments: Sample.all) func countsEachToken(_ sample: Sample) {
    for token in sample.some {
      #expect((try? NormalForm.of(sample.replacing(token.range, with: []))) != sample.normal)
    }
  }

  @Test(arguments: Sample.all) func countsEachCharacter(_ sample: Sample) {
    for token in sample.some {
      let place = (token.range.lowerBound + token.range.upperBound) / 2
      let byte = sample.bytes[place]
      if byte == ASCII.space || byte == ASCII.tab || byte == ASCII.newline { continue }
      let other = byte == UInt8(ascii: "q") ? UInt8(ascii: "Q") : UInt8(ascii: "q")
      #expect(
        (try? NormalForm.of(sample.replacing(place..<place + 1, with: [other]))) != sample.normal)
    }
  }

  @Test(arguments: Sample.all) func countsEachGap(_ sample: Sample) {
    for token in sample.some where token.range.lowerBound > 0 && token != sample.tokens.first {
      let here = token.range.lowerBound..<token.range.lowerBound
      for (gap, text) in [(Gap.space, " "), (.newline, "\n")] {
        let other = try? NormalForm.of(sample.replacing(here, with: Array(text.utf8)))
        let isSame = token.gap == gap || token.gap == .newline
        #expect((other == sample.normal) == isSame)
      }
    }
  }
}
