// Compares what outputs are with what they were. Values in, values out.
import Content

/// What became of an entry or of one value in it.
package enum EntryVerdict: String, Sendable {
  case same
  /// It moved, and its tolerance allows that.
  case within
  case moved
  case missing
  case extra
  /// The same bytes under another name.
  case renamed
  /// The bytes belong to another platform.
  case notComparable = "not-comparable"

  /// Whether it fails a check.
  package var isRegression: Bool {
    switch self {
    case .moved, .missing, .extra, .renamed: true
    case .same, .within, .notComparable: false
    }
  }
}

/// One value that is not what it was.
package struct Finding: Equatable, Sendable {
  /// `bytes`, `media type`, `rows`, `columns`, or the name of a number or text.
  package let value: String
  /// nil where that side lacks it.
  package let was: JSONValue?
  package let new: JSONValue?
  /// What it is held against; nil where it must be the same.
  package let tolerance: Tolerance?
  package let verdict: EntryVerdict

  package init(
    value: String, was: JSONValue?, new: JSONValue?, tolerance: Tolerance?, verdict: EntryVerdict
  ) {
    self.value = value
    self.was = was
    self.new = new
    self.tolerance = tolerance
    self.verdict = verdict
  }
}

/// What became of one entry.
package struct EntryResult: Equatable, Sendable {
  /// `step.output` as the baseline names it, or an extra output's own name.
  package let name: String
  package let verdict: EntryVerdict
  /// What moved in it, the bytes first.
  package let findings: [Finding]
  /// The name that a renamed output has now.
  package let newName: String?

  package init(
    name: String, verdict: EntryVerdict, findings: [Finding] = [], newName: String? = nil
  ) {
    self.name = name
    self.verdict = verdict
    self.findings = findings
    self.newName = newName
  }
}

/// Compares outputs with a baseline.
package struct Comparison {
  private let baseline: Baseline
  private let platform: String

  /// `platform` is the one that the outputs were made on.
  package init(_ baseline: Baseline, platform: String) {
    self.baseline = baseline
    self.platform = platform
  }

  /// Whether digests are for this platform.
  package var comparesBytes: Bool { baseline.platform == platform }

  /// The entries and what became of each, by name.
  ///
  /// `values` is asked only for outputs whose bytes are others.
  package func results(
    _ found: [String: Bytes], values: (_ name: String) throws -> OutputValues
  ) rethrows -> [EntryResult] {
    var extra = found.keys.filter { baseline.entries[$0] == nil }.sorted()
    var results: [EntryResult] = []
    for (name, entry) in baseline.entries.sorted(by: { $0.key < $1.key }) {
      if let bytes = found[name] {
        results.append(
          try compare(name, entry, bytes) { try values(name) })
      } else if let other = extra.firstIndex(where: {
        found[$0]?.digest == entry.bytes.digest
      }) {
        results.append(EntryResult(name: name, verdict: .renamed, newName: extra[other]))
        extra.remove(at: other)
      } else {
        results.append(EntryResult(name: name, verdict: .missing))
      }
    }
    results += extra.map { EntryResult(name: $0, verdict: .extra) }
    return results.sorted { $0.name < $1.name }
  }

  private func compare(
    _ name: String, _ entry: Entry, _ bytes: Bytes, values: () throws -> OutputValues
  ) rethrows -> EntryResult {
    var findings: [Finding] = []
    if (entry.bytes.mediaType, entry.bytes.isTree) != (bytes.mediaType, bytes.isTree) {
      findings.append(
        Finding(
          value: "media type", was: .string(entry.bytes.form), new: .string(bytes.form),
          tolerance: nil, verdict: .moved))
    }
    if entry.bytes.digest != bytes.digest {
      let content = try values()
      if entry.isExact {
        findings.append(
          Finding(
            value: "bytes", was: .string(entry.bytes.digest.description),
            new: .string(bytes.digest.description), tolerance: nil,
            verdict: comparesBytes ? .moved : .notComparable))
      }
      findings += changes(entry, entry.content.schema, content.schema)
      // Elsewhere the last digits of a number that has no tolerance say nothing.
      if comparesBytes || !entry.isExact {
        var (was, new) = (entry.content, content)
        if was.texts == nil, !entry.isExact, new.texts?.isEmpty == false {
          findings.append(Self.unknownTexts)
        }
        // Where the bytes count, texts have said enough; and what is unknown cannot be compared.
        if entry.isExact || was.texts == nil { (was.texts, new.texts) = (nil, nil) }
        findings += changes(entry, was.values, new.values)
      }
    }
    return EntryResult(name: name, verdict: Self.worst(findings, entry, bytes), findings: findings)
  }

  /// Texts stay exact under a tolerance, so what they were has to be known.
  private static let unknownTexts = Finding(
    value: "texts", was: nil, new: "not in the baseline: accept them with `atelier check --update`",
    tolerance: nil, verdict: .moved)

  private static func worst(_ findings: [Finding], _ entry: Entry, _ bytes: Bytes) -> EntryVerdict {
    if findings.contains(where: { $0.verdict == .moved }) { return .moved }
    if findings.contains(where: { $0.verdict == .notComparable }) { return .notComparable }
    return entry.bytes.digest == bytes.digest ? .same : .within
  }

  private func changes(
    _ entry: Entry, _ old: [OutputValues.Value], _ new: [OutputValues.Value]
  ) -> [Finding] {
    let before = Dictionary(old) { first, _ in first }
    let after = Dictionary(new) { first, _ in first }
    let names = old.map(\.name) + new.map(\.name).filter { before[$0] == nil }
    return names.compactMap { name in
      let (was, new) = (before[name], after[name])
      if was == new { return nil }
      guard let a = was?.number, let b = new?.number else {
        return Finding(value: name, was: was, new: new, tolerance: nil, verdict: .moved)
      }
      if a == b { return nil }
      let tolerance = entry.tolerance(of: name)
      return Finding(
        value: name, was: was, new: new, tolerance: tolerance,
        verdict: tolerance.allows(a, b) ? .within : .moved)
    }
  }
}

extension Bytes {
  fileprivate var form: String { mediaType + (isTree ? " (tree)" : "") }
}

extension Baseline {
  /// The baseline of new outputs; tolerances stay with their entries, also with renamed ones.
  ///
  /// `values` is asked only for outputs whose bytes or texts the old baseline does not hold. Throws
  /// where a tolerance would be lost, since nothing is left that it could be for.
  package static func updated(
    _ old: Baseline?, to found: [String: Bytes], workshop: String, platform: String,
    settings: [String: String], values: (_ name: String) throws -> OutputValues
  ) throws -> Baseline {
    let renamed = Dictionary(
      (old.map { Comparison($0, platform: platform).moves(found) } ?? []).map { ($0.new, $0.old) }
    ) { first, _ in first }
    var entries: [String: Entry] = [:]
    for (name, bytes) in found {
      let before = old?.entries[renamed[name] ?? name]
      let content = try content(before, bytes) { try values(name) }
      if content.isEmpty, before?.isExact == false {
        throw BaselineFileError(
          description:
            "\(name) has a tolerance, and nothing of it but its bytes can be compared now; "
            + "remove the tolerance from the baseline to accept that")
      }
      let names = Set((content.schema + content.values).map(\.name))
      entries[name] = Entry(
        bytes: bytes, content: content,
        tolerance: content.isEmpty ? nil : before?.tolerance,
        tolerances: (before?.tolerances ?? [:]).filter { names.contains($0.key) })
    }
    return Baseline(workshop: workshop, platform: platform, settings: settings, entries: entries)
  }
}

extension Baseline {
  /// What is kept of an output: the old entry's, where that says all of the same bytes.
  private static func content(
    _ before: Entry?, _ bytes: Bytes, values: () throws -> OutputValues
  ) throws -> OutputValues {
    guard let before, before.bytes.digest == bytes.digest else { return try values() }
    if before.content.texts != nil { return before.content }
    var content = before.content
    content.texts = try values().texts
    return content
  }
}

extension Comparison {
  /// Entries whose bytes are found under another name.
  fileprivate func moves(_ found: [String: Bytes]) -> [(old: String, new: String)] {
    results(found) { _ in OutputValues() }.compactMap { result in
      result.newName.map { (result.name, $0) }
    }
  }
}
