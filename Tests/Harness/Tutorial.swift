// A page of Markdown as something to follow: commands to run, files to write, and edits.
// It knows the page's form, not what it is about.
import Foundation

/// The parts of a page that somebody who follows it does.
package struct Tutorial {
  package enum Part: Equatable {
    /// A line of the shell, and the lines that the page shows below it; none: anything goes.
    case run(String, shows: [String])
    case write(path: String, text: String)
    /// Lines of a file, of which there is one place, and what stands there afterwards.
    case edit(path: String, old: String, new: String)
  }

  package let name: String
  package let parts: [(part: Part, line: Int)]

  /// Takes the page apart; `name` is its name for messages.
  ///
  /// A block `sh` holds commands, `$ ...`, and what they print. Any other block is a file, or as
  /// `diff` an edit of one, that the last line before it names: `` `path`: ``.
  package init(_ text: String, name: String) throws {
    self.name = name
    var parts: [(Part, Int)] = []
    var block: (kind: String, path: String?, lines: [String], start: Int)?
    var before = ""
    for (index, line) in text.components(separatedBy: "\n").enumerated() {
      if let open = block {
        if line == "```" {
          parts += try Self.parts(open.kind, open.path, open.lines).map { ($0, open.start) }
          block = nil
          before = ""
        } else {
          block?.lines.append(line)
        }
      } else if line.hasPrefix("```") {
        block = (String(line.dropFirst(3)), Self.path(before), [], index + 1)
      } else if !line.isEmpty {
        before = line
      }
    }
    self.parts = parts.map { (part: $0.0, line: $0.1) }
  }

  private static func path(_ line: String) -> String? {
    let words = line.components(separatedBy: "`")
    return words.count == 3 && words[0].isEmpty && words[2] == ":" ? words[1] : nil
  }

  private static func parts(_ kind: String, _ path: String?, _ lines: [String]) throws -> [Part] {
    if kind == "sh" { return commands(lines) }
    guard let path else {
      throw ProgramError("a block \(kind) has no line `path`: before it: \(lines)")
    }
    func side(_ other: Character) -> String {
      lines.filter { $0.first != other }.map { $0.dropFirst() + "\n" }.joined()
    }
    return kind == "diff"
      ? [.edit(path: path, old: side("+"), new: side("-"))]
      : [.write(path: path, text: lines.map { $0 + "\n" }.joined())]
  }

  private static func commands(_ lines: [String]) -> [Part] {
    var parts: [Part] = []
    for line in lines {
      if line.hasPrefix("$ ") {
        parts.append(.run(String(line.dropFirst(2)), shows: []))
      } else if case .run(let command, let shows) = parts.popLast() {
        parts.append(.run(command, shows: shows + [line]))
      }
    }
    return parts
  }

  /// Does all that the page says, in a checkout; each command with the seconds from the beginning to its
  /// end.
  @discardableResult
  package func follow(in checkout: Checkout) throws -> [(command: String, seconds: Double)] {
    let start = ContinuousClock.now
    var ends: [(command: String, seconds: Double)] = []
    var exports = ""
    for (part, line) in parts {
      do {
        switch part {
        case .run(let command, _) where command.hasPrefix("export "): exports += command + "\n"
        case .run(let command, let shows):
          let ended = try checkout.start(
            "bash", "-c", "exec 2>&1\n\(exports)\(command)", expecting: nil)
          guard ended.code == 0, Self.shows(shows, in: ended.out) else {
            throw ProgramError(
              "`\(command)` ended with \(ended.code), and said:\n\(ended.out)")
          }
          ends.append((command, (ContinuousClock.now - start) / .seconds(1)))
        case .write(let path, let text): try checkout.write(path, text)
        case .edit(let path, let old, let new):
          guard try checkout.read(path).components(separatedBy: old).count == 2 else {
            throw ProgramError("\(path) has not one place like this:\n\(old)")
          }
          try checkout.edit(path) { $0.replacingOccurrences(of: old, with: new) }
        }
      } catch {
        throw ProgramError("\(name):\(line): \(error)")
      }
    }
    return ends
  }

  /// Whether the lines that a page shows are those of an output.
  ///
  /// `...` stands for any lines, or within a line for any text. Times and the width of columns may
  /// differ. A page that shows nothing says nothing.
  package static func shows(_ lines: [String], in output: String) -> Bool {
    guard !lines.isEmpty else { return true }
    var rest = output.split(separator: "\n").map { plain(String($0)) }[...]
    var maySkip = false
    for line in lines.map(plain) where !line.isEmpty {
      if line == "..." {
        maySkip = true
        continue
      }
      let place = maySkip ? rest.firstIndex { fits($0, line) } : rest.startIndex
      guard let place, place < rest.endIndex, fits(rest[place], line) else { return false }
      rest = rest[(place + 1)...]
      maySkip = false
    }
    return maySkip || rest.isEmpty
  }

  private static func plain(_ line: String) -> String {
    line.replacing(#/[0-9.]+ (s|ms|seconds)\b/#) { "# \($0.output.1)" }
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private static func fits(_ line: String, _ pattern: String) -> Bool {
    var rest = line[...]
    let texts = pattern.components(separatedBy: "...")
    for (position, text) in texts.enumerated() where !text.isEmpty {
      guard
        let found = position == 0 ? rest.range(of: text, options: .anchored) : rest.range(of: text)
      else { return false }
      rest = rest[found.upperBound...]
    }
    return texts.last == "" || rest.isEmpty || line.hasSuffix(texts.last ?? "") && texts.count > 1
  }
}
