// Small pieces of text: seconds, sizes, values and padding, without locale.
import Content
import Names

package enum Text {
  /// `0.012 s`, `1.24 s`, `2 min 05 s`.
  package static func seconds(_ seconds: Double) -> String {
    if seconds < 0.1 { return fixed(seconds, 3) + " s" }
    if seconds < 60 { return fixed(seconds, 2) + " s" }
    // A time of a record that somebody changed may be any number.
    let whole = Int(min(seconds, 1e9).rounded())
    return "\(whole / 60) min \(whole % 60 < 10 ? "0" : "")\(whole % 60) s"
  }

  /// A number with a fixed count of decimals.
  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (value.magnitude * scale).rounded()
    guard scaled < 9e15 else { return "\(value)" }
    let digits = String(Int64(scaled))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let sign = value < 0 && scaled > 0 ? "-" : ""
    return sign + padded.dropLast(decimals) + (decimals > 0 ? "." + padded.suffix(decimals) : "")
  }

  /// `812 B`, `3.4 MB`.
  package static func size(_ bytes: Int64) -> String {
    var value = Double(bytes)
    for unit in ["B", "kB", "MB", "GB"] {
      if value < 1000 { return unit == "B" ? "\(bytes) B" : fixed(value, 1) + " " + unit }
      value /= 1000
    }
    return fixed(value, 1) + " TB"
  }

  /// `1 output`, `3 outputs`.
  package static func count(_ number: Int, _ noun: String) -> String {
    if number == 1 { return "1 \(noun)" }
    // `deliveries`, and `days`.
    let isChanged = noun.hasSuffix("y") && !"aeiou".contains(noun.dropLast().last ?? "a")
    return "\(number) " + (isChanged ? noun.dropLast() + "ies" : noun + "s")
  }

  /// A value of a key document as people read it: digests short, texts quoted and cut.
  package static func value(_ value: JSONValue?) -> String {
    switch value {
    case nil, .null?: return "(none)"
    case .string(let text)?:
      if let digest = Digest(text) { return "sha256:" + digest.short }
      let count = TextLines.of(text).count { !$0.isEmpty }
      return text.contains(where: \.isNewline) ? "\(count) lines" : "'\(text)'"
    case let other?:
      let text = (try? other.canonicalText()) ?? "?"
      return text.count > 60 ? text.prefix(57) + "..." : text
    }
  }

  /// One changed field: `parameters.seed: 1 -> 2`; texts of several lines show what differs.
  package static func change(_ change: FieldChange) -> [String] {
    if case .string(let old)? = change.old, case .string(let new)? = change.new,
      old.contains("\n") || new.contains("\n")
    {
      return ["\(change.field):"] + LineDifference.lines(old, new).map { "  " + $0 }
    }
    // Digests of code are 64 digits without a prefix.
    func short(_ value: JSONValue?) -> String {
      if change.field.hasPrefix("code."), let text = value?.string {
        return String(text.prefix(12))
      }
      return self.value(value)
    }
    if change.field == KeyDocument.schemaField {
      return ["\(change.field) \(short(change.old)) -> \(short(change.new))"]
    }
    return ["\(change.field): \(short(change.old)) -> \(short(change.new))"]
  }

  /// A text filled up with spaces to a width in characters.
  package static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// A text with spaces in front, to a width in characters.
  package static func padLeft(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}

extension Text {
  /// The first three of some names, and how many more there are.
  package static func few(_ names: [String]) -> String {
    names.prefix(3).joined(separator: ", ")
      + (names.count > 3 ? " and \(names.count - 3) more" : "")
  }

  /// The name that numbered steps or outputs share: `week4.trial` of `week4.trial.12`.
  package static func withoutNumber(_ name: String) -> String {
    NumberedName.base(of: name)
  }

  /// Items with the same key together, where the first of them is; one without a key stays alone.
  package static func grouped<Item>(_ items: [Item], by key: (Item) -> String?) -> [[Item]] {
    var groups: [[Item]] = []
    var places: [String: Int] = [:]
    for item in items {
      let key = key(item)
      if let key, let place = places[key] {
        groups[place].append(item)
      } else {
        if let key { places[key] = groups.count }
        groups.append([item])
      }
    }
    return groups
  }
}

/// The lines that two texts do not share.
package enum LineDifference {
  /// `- old` and `+ new` lines in order, at most forty.
  package static func lines(_ old: String, _ new: String) -> [String] {
    let a = TextLines.of(old).map(String.init)
    let b = TextLines.of(new).map(String.init)
    let difference = b.difference(from: a)
    let removed = difference.removals.compactMap { change -> (Int, String)? in
      if case .remove(let offset, let line, _) = change { (offset, "- " + line) } else { nil }
    }
    let added = difference.insertions.compactMap { change -> (Int, String)? in
      if case .insert(let offset, let line, _) = change { (offset, "+ " + line) } else { nil }
    }
    // In the order of their lines, what went before what came.
    let all = (removed.map { ($0.0, 0, $0.1) } + added.map { ($0.0, 1, $0.1) })
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
    return all.count > 40 ? all.prefix(40) + ["... \(all.count - 40) more lines"] : all
  }
}
