// What the changed fields of a step come down to: settings as typed, steps that it follows. It compares
// nothing itself.
import Content
import Names

/// A setting that differs between two runs, as people type it.
package struct SettingChange: Sendable, Hashable {
  /// `Section.key`.
  package let name: String
  /// nil where that run had no such setting.
  package let old: String?
  package let new: String?

  package init(name: String, old: String?, new: String?) {
    self.name = name
    self.old = old
    self.new = new
  }

  /// `Segment.to 0.93 -> 0.8`.
  package var text: String { "\(name) \(Self.shown(old)) -> \(Self.shown(new))" }

  private static func shown(_ value: String?) -> String {
    guard let value else { return "(none)" }
    if value.isEmpty { return "(empty)" }
    let line = value.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > 60 ? line.prefix(57) + "..." : line
  }

  package var json: JSONValue {
    func side(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    return ["name": .string(name), "old": side(old), "new": side(new)]
  }

  /// The settings that differ between two run records, by name.
  ///
  /// Each is an object of `Section.key` to value and origin. What one run did not record differs from
  /// nothing: it came with another version of the program.
  package static func between(_ old: JSONValue?, _ new: JSONValue?) -> [SettingChange] {
    let (before, after) = (old?.object ?? [:], new?.object ?? [:])
    func value(_ setting: JSONValue?) -> String? { setting?["value"]?.string }
    return Set(before.keys).union(after.keys).sorted().compactMap { name in
      let (a, b) = (value(before[name]), value(after[name]))
      guard let a, let b, a != b else { return nil }
      return SettingChange(name: name, old: a, new: b)
    }
  }
}

/// What the changed fields of a step come down to.
package struct ReasonSummary: Sendable, Hashable {
  /// The settings behind changed parameters.
  package let settings: [SettingChange]
  /// The nodes whose results are others than before; numbered ones as one: `week1.events.*`.
  package let follows: [String]
  /// Fields that neither a setting nor a node explains.
  package let others: [FieldChange]

  package init(settings: [SettingChange], follows: [String], others: [FieldChange]) {
    self.settings = settings
    self.follows = follows
    self.others = others
  }

  /// Whether nothing of the step itself changed.
  package var isConsequence: Bool { settings.isEmpty && others.isEmpty && !follows.isEmpty }

  /// Sorts changed fields into what explains them.
  ///
  /// `producer` is the node behind an input, by the input's name; `changed` are the settings that differ
  /// between the two runs.
  package init(
    _ changes: [FieldChange], settings changed: [SettingChange],
    producer: (_ input: Substring) -> String?
  ) {
    var settings: [SettingChange] = []
    var follows: [String] = []
    var followed: Set<String> = []
    var others: [FieldChange] = []
    for change in changes {
      if change.field.hasPrefix("inputs."),
        let name = producer(change.field.dropFirst("inputs.".count))
      {
        if followed.insert(name).inserted { follows.append(name) }
      } else if change.field.hasPrefix("parameters."),
        let setting = Self.setting(behind: change, among: changed)
      {
        if !settings.contains(setting) { settings.append(setting) }
      } else {
        others.append(change)
      }
    }
    self.init(settings: settings, follows: Self.folded(follows), others: others)
  }

  /// The setting that a parameter comes from: that of its name, that of its values, or the only one that
  /// changed at all, for parameters come from settings.
  private static func setting(
    behind change: FieldChange, among settings: [SettingChange]
  ) -> SettingChange? {
    if settings.count < 2 { return settings.first }
    func bare(_ text: some StringProtocol) -> String {
      text.lowercased().filter { $0.isLetter || $0.isNumber }
    }
    let parts = change.field.split(separator: ".")
    let names = parts.reversed().filter { !$0.allSatisfy(\.isNumber) }.prefix(1).map { bare($0) }
    let named = settings.filter { setting in
      names.contains(bare(setting.name.split(separator: ".").last ?? ""))
    }
    if named.count == 1 { return named[0] }
    let valued = settings.filter { isSame($0.old, change.old) && isSame($0.new, change.new) }
    return valued.count == 1 ? valued[0] : nil
  }

  private static func isSame(_ text: String?, _ value: JSONValue?) -> Bool {
    guard let text, let value else { return text == nil && value == nil }
    if let number = value.number { return Double(text) == number }
    return value.string == text
  }

  /// Names with those of numbered steps as one.
  package static func folded(_ names: [String]) -> [String] {
    var counts: [String: Int] = [:]
    for name in names { counts[NumberedName.base(of: name), default: 0] += 1 }
    var seen: Set<String> = []
    return names.compactMap { name in
      let own = NumberedName.base(of: name)
      let shown = own != name && counts[own, default: 0] > 1 ? "\(own).*" : name
      return seen.insert(shown).inserted ? shown : nil
    }
  }
}
