// Logs on a terminal: no byte controls it, however the blocks are cut.
import AtelierTesting
import Testing

@testable import Terminal

@Suite struct VisibleTextTests {
  private static func shown(_ bytes: [UInt8], by size: Int) -> String {
    var visible = VisibleText()
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: size) {
      text += visible.feed(Array(bytes[start..<min(start + size, bytes.count)]))
    }
    return text + visible.finish()
  }

  @Test func controlsAreShownAndTextStays() {
    let bytes = Array("\u{1B}[31mred\r\n\ttab \u{9B}x \u{202E}é 🙂\u{7F}\0".utf8)
    for size in 1...8 {
      #expect(
        Self.shown(bytes, by: size)
          == "^[[31mred^M\n\ttab \\u{9B}x \\u{202E}é 🙂^?^@")
    }
  }

  @Test func anyBytesAreHarmlessInAnyBlocks() {
    var random = SeededGenerator(state: 7)
    for _ in 0..<500 {
      let count = Int.random(in: 0...40, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      for size in [1, 2, 3, 7, 64] {
        let text = Self.shown(bytes, by: size)
        let isHarmless = text.unicodeScalars.allSatisfy {
          $0 == "\n" || $0 == "\t" || ($0.value >= 0x20 && !(0x7F...0x9F).contains($0.value))
        }
        #expect(isHarmless, "\(bytes)")
      }
    }
  }
}
