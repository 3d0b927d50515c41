// Mutated ini texts: no crash, no hang, short messages, and a text that is read means what it says.
import AtelierTesting
import Foundation
import Testing

@testable import Configuration

@Suite struct IniFuzzTests {
  private static let corpus: [String] = [
    "[DEFAULT]\nhost = a.example\n[AWS]\nurl = https://%(host)s/%%x\n  more\n\n# note\n; note\n",
    "[a]\r\nKey: value\rkey2 = \r\n\tcontinued\r\n[b]\nx=%(y)s\ny=%(x)s\n",
    "[s]\na = 1\nb = %(a)s%(a)s\nc = %(b)s%(b)s\nsecret = hush\n",
    "\u{FEFF}[s]\nÄ = ß\nΣΑΣ = 1\n", "[]\n[x]]\n = 1\nno delimiter\n", "",
  ]

  @Test func mutatedTexts() throws {
    let found = try FuzzBudget("ini", count: 5000).run(
      corpus: Self.corpus.map { Array($0.utf8) },
      words: ["[", "]", "=", ":", "%", "%(a)s", "%%", "\n", "\r\n", "  ", "#", ";", "[DEFAULT]\n"]
    ) { bytes in
      let document: IniDocument
      do {
        document = try IniDocument(bytes: bytes, file: "config.ini")
      } catch {
        guard "\(error)".utf8.count < 10_000 else { throw BrokenProperty("a message without end") }
        return false
      }
      guard Array(document.text.utf8) == bytes else { throw BrokenProperty("the text changed") }
      for section in document.sections { try Self.check(section, document) }
      return true
    }
    #expect(found.accepted > 100 && found.refused > 100, "\(found)")
  }

  /// Every value can be read or is refused in few words, and a value that is set is there.
  private static func check(_ section: String, _ document: IniDocument) throws {
    for key in try document.options(in: section).prefix(40) {
      do {
        if let value = try document.get(section, key),
          value.utf8.count > 2 * Interpolator.lengthLimit
        {
          throw BrokenProperty("references made \(value.utf8.count) bytes")
        }
      } catch {
        guard "\(error)".utf8.count < 10_000 else { throw BrokenProperty("a message without end") }
      }
      var changed = document
      do { try changed.set(section, key, "new value") } catch { continue }
      let read = try IniDocument(text: changed.text, file: "config.ini")
      guard read.raw(section, key) == "new value" else {
        throw BrokenProperty("[\(section)] \(key) was set and is not there")
      }
    }
  }

  /// Ten values that double each other ten times over would be a terabyte.
  @Test(.timeLimit(.minutes(5))) func valuesThatMultiplyEachOther() throws {
    let line = (0..<9).map { level in
      "v\(level) = " + String(repeating: "%(v\(level + 1))s", count: 100)
    }
    let text =
      "[s]\n" + line.joined(separator: "\n") + "\nv9 = \(String(repeating: "x", count: 1000))\n"
    let document = try IniDocument(text: text, file: "config.ini")
    let error = #expect(throws: IniError.self) { try document.get("s", "v0") }
    let message = error.map { "\($0)" } ?? ""
    #expect(
      message.hasPrefix("config.ini:2: s.v0") && message.contains("longer than"), "\(message)")
    #expect(try document.get("s", "v8")?.count == 100_000)
  }

  /// One line of 10 MB, as a value, a name, a section and nothing of them.
  @Test(.timeLimit(.minutes(5)), arguments: ["a = ", "", "[", "secret ", "a = %("])
  func aLineOfTenMegabytes(_ start: String) throws {
    let line = start + String(repeating: "x", count: 10_000_000)
    do {
      let document = try IniDocument(text: "[s]\n\(line)\n", file: "config.ini")
      #expect(start == "a = " || start == "a = %(")
      _ = try document.get("s", "a")
    } catch {
      #expect(start != "a = ")
      #expect("\(error)".hasPrefix("config.ini:2"))
      #expect("\(error)".utf8.count < 1000)
    }
  }

  @Test func thousandsOfBadLinesAreNotAllShown() throws {
    let text = "[s]\n" + String(repeating: "no delimiter\n", count: 5000)
    let error = #expect(throws: IniError.self) { try IniDocument(text: text, file: "config.ini") }
    let message = error.map { "\($0)" } ?? ""
    #expect(message.contains("config.ini:2:") && message.hasSuffix("and 4980 more"))
    #expect(message.utf8.count < 10_000)
  }
}
