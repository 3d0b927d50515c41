// Random changes to random files: Python reads the new value, and no other byte has moved.
import AtelierTesting
import Foundation
import Testing

@testable import Configuration

@Suite(
  .enabled(
    if: PythonReference.isAvailable,
    "python3 3.11 or 3.12 is not on PATH; nothing to read the changes with"))
struct RewriteCorpusTests {
  struct Change {
    let old: IniDocument
    let new: IniDocument
    let section: String
    let key: String
    let value: String
  }

  @Test func pythonReadsTheChangeAndNothingElse() throws {
    var random = SeededGenerator(state: 99)
    var corpus = IniCorpus(seed: 4)
    var changes: [Change] = []
    while changes.count < 400 {
      guard let document = try? IniDocument(bytes: corpus.file(), file: "f") else { continue }
      do {
        changes.append(try Self.change(document, corpus.value(), &random))
      } catch {
        // Names and places are all fit, so that only the value may be refused.
        #expect(!"\(error)".contains("read back differently"), "\(escaped(document.text))")
      }
    }
    let answer = try PythonReference.ask(
      .init(files: changes.map { Data($0.new.text.utf8) }))
    for (change, reading) in zip(changes, answer.files) {
      let label = "\(escaped(change.old.text)) -> \(escaped(change.new.text))"
      #expect(reading == Reading(change.new), "\(label)")
      #expect(Self.changed(reading) == Self.expected(change), "\(label)")
      #expect(Self.keepsOtherBytes(change), "\(label)")
    }
    let replacing = changes.count { $0.old.contents[$0.section]?[$0.key.lowercased()] != nil }
    #expect((100...300).contains(replacing), "\(replacing)")
  }

  private static func change(
    _ document: IniDocument, _ value: String, _ random: inout SeededGenerator
  ) throws -> Change {
    let section = random.pick(document.sections + ["DEFAULT", "Fresh"])
    let own = document.contents[section]?.options.map(\.name) ?? []
    let key = own.isEmpty || random.chance(15) ? "Added Key" : random.pick(own)
    var new = document
    try new.set(section, key, value)
    return Change(old: document, new: new, section: section, key: key, value: value)
  }

  /// The values before interpolation, as `section|key|value`.
  private static func changed(_ reading: Reading) -> Set<String> {
    let own = reading.sections.flatMap { section in
      section.options.map { "\(section.name)|\($0.name)|\($0.raw)" }
    }
    return Set(own + reading.defaults.map { "DEFAULT|\($0[0])|\($0[1])" })
  }

  /// What a dictionary of the old values with the new one put in has.
  private static func expected(_ change: Change) -> Set<String> {
    var values: [ExactName: [ExactName: String]] = [:]
    for section in change.old.contents.sections {
      values[ExactName(section.name), default: [:]] = [:]
      for option in section.options {
        values[ExactName(section.name)]?[ExactName(option.name)] = option.value
      }
    }
    values[ExactName(change.section), default: [:]][ExactName(change.key.pythonLowered)] =
      change.value
    let defaults = values[ExactName("DEFAULT"), default: [:]]
    return Set(
      values.flatMap { section, own in
        own.merging(section.text == "DEFAULT" ? [:] : defaults) { mine, _ in mine }.map {
          "\(escaped(section.text))|\(escaped($0.key.text))|\(escaped($0.value))"
        }
      })
  }

  /// Whether the text before and after the lines of the old value is untouched, and comments stay.
  private static func keepsOtherBytes(_ change: Change) -> Bool {
    let old = Array(change.old.text.utf8)
    let new = Array(change.new.text.utf8)
    let head = zip(old, new).prefix { $0 == $1 }.count
    let tail = zip(old.reversed(), new.reversed()).prefix { $0 == $1 }.count
    guard let option = change.old.contents[change.section]?[change.key.pythonLowered] else {
      return head + tail >= old.count
    }
    let lines = SourceLine.split(change.old.text)
    let before = SourceLine.join(Array(lines[..<option.line])).utf8.count
    let after = SourceLine.join(Array(lines[(option.lastLine + 1)...])).utf8.count
    let comments = lines[option.line...option.lastLine].dropFirst().filter {
      $0.content.pythonStripped().hasPrefix("#") || $0.content.pythonStripped().hasPrefix(";")
    }
    return head >= before && tail >= after
      && comments.allSatisfy { change.new.text.contains($0.content) }
  }
}
