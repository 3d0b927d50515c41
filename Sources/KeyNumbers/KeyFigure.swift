// A key number of one run as a value: what it was, what it should be, and how it changed.
import Atelier
import Content

/// What a key number came to in one run.
package struct KeyFigure: Sendable, Hashable {
  /// What people call it.
  package let name: String
  /// In its own unit; a share from 0 to 1.
  package let value: Double
  package let unit: KeyNumber.Unit
  package let better: KeyNumber.Direction
  /// What it should reach; nil where nothing is asked.
  package let target: Double?
  /// The number of the same output that it is read beside.
  package let reference: Reference?
  /// `step.output`.
  package let output: String
  /// The number's name within the output, as `--compare` and baselines have it: `auc`, `/metrics/rmse`.
  package let place: String

  /// A number to read another one beside.
  package struct Reference: Sendable, Hashable {
    package let name: String
    package let value: Double

    package init(name: String, value: Double) {
      self.name = name
      self.value = value
    }
  }

  package init(
    name: String, value: Double, unit: KeyNumber.Unit = .none,
    better: KeyNumber.Direction = .neither, target: Double? = nil, reference: Reference? = nil,
    output: String, place: String
  ) {
    self.name = name
    self.value = value
    self.unit = unit
    self.better = better
    self.target = target
    self.reference = reference
    self.output = output
    self.place = place
  }

  /// The same number with another value.
  package func with(value: Double) -> KeyFigure {
    KeyFigure(
      name: name, value: value, unit: unit, better: better, target: target, reference: reference,
      output: output, place: place)
  }

  /// Whether it reached its target; nil without one.
  package var meetsTarget: Bool? {
    guard let target else { return nil }
    return switch better {
    case .higher: value >= target
    case .lower: value <= target
    case .neither: value == target
    }
  }

  /// Whether it is worse than the number that it is read beside; false without one.
  package var isBehindReference: Bool {
    guard let reference else { return false }
    return Self.verdict(better, from: reference.value, to: value) == .worse
  }

  /// The value with its unit: `0.912`, `93.9 %`, `12,701 people`.
  package var text: String { text(of: value) }

  /// Another value in the same unit, such as the target.
  package func text(of value: Double) -> String { text(of: value, decimals: decimals(value)) }

  /// A value with the decimals that another one has.
  fileprivate func text(of value: Double, like other: Double) -> String {
    text(of: value, decimals: decimals(other))
  }

  func text(of value: Double, decimals: Int) -> String {
    switch unit {
    case .none: NumberText.text(value, decimals: decimals)
    case .share: NumberText.text(value * 100, decimals: decimals) + " %"
    case .named(let noun): NumberText.text(value, decimals: decimals) + " " + noun
    }
  }

  private func decimals(_ value: Double) -> Int {
    switch unit {
    case .share: min(1, NumberText.decimals(of: value * 100))
    case .none, .named: NumberText.decimals(of: value)
    }
  }

  /// How a value of the same number changed.
  package enum Verdict: String, Sendable {
    case better, worse, changed, same
  }

  package static func verdict(
    _ better: KeyNumber.Direction, from old: Double, to new: Double
  ) -> Verdict {
    if old == new { return .same }
    return switch better {
    case .higher: new > old ? .better : .worse
    case .lower: new < old ? .better : .worse
    case .neither: .changed
    }
  }
}

/// A key number of two runs.
package struct KeyChange: Sendable, Hashable {
  package let old: KeyFigure
  package let new: KeyFigure

  package init(from old: KeyFigure, to new: KeyFigure) {
    self.old = old
    self.new = new
  }

  package var verdict: KeyFigure.Verdict {
    KeyFigure.verdict(new.better, from: old.value, to: new.value)
  }

  /// Both values with as many decimals as they need to differ.
  package var texts: (old: String, new: String) {
    (new.text(of: old.value, decimals: decimals), new.text(of: new.value, decimals: decimals))
  }

  /// The new value and the old one, each in its own decimals unless the new one would then look like the
  /// old one.
  var distinctTexts: (new: String, old: String) {
    let limit = new.text(of: old.value)
    guard old.value != new.value, new.text == new.text(of: old.value, like: new.value) else {
      return (new.text, limit)
    }
    return (texts.new, limit)
  }

  /// `+0.007`, `-1.2 points`, `-4,849 (-27.6 %)`; empty where nothing changed.
  package var difference: String {
    guard old.value != new.value else { return "" }
    let change = new.value - old.value
    if case .share = new.unit {
      return NumberText.signed(change * 100, decimals: decimals) + " points"
    }
    let text = NumberText.signed(change, decimals: decimals)
    guard old.value != 0 else { return text }
    let percent = change / old.value.magnitude * 100
    let rounded = min(1, NumberText.decimals(of: percent))
    return text + " (" + NumberText.signed(percent, decimals: rounded) + " %)"
  }

  /// `AUC 0.905 -> 0.912, +0.007 (+0.8 %), better`.
  package var sentence: String {
    let (before, after) = texts
    switch verdict {
    case .same: return "\(new.name) \(after), same"
    case .changed: return "\(new.name) \(before) -> \(after), \(difference)"
    case .better, .worse:
      return "\(new.name) \(before) -> \(after), \(difference), \(verdict.rawValue)"
    }
  }

  private var decimals: Int {
    switch new.unit {
    case .share:
      max(
        1,
        old.value == new.value ? 1 : min(4, NumberText.decimals(of: old.value, new.value) - 2))
    case .none, .named: NumberText.decimals(of: old.value, new.value)
    }
  }
}

/// How a decision of one run was taken.
package struct KeyVerdict: Sendable, Hashable {
  package let subject: String
  /// The choice in a word, such as `accepted`.
  package let word: String
  package let choice: Bool
  /// Why: `RMSE 2.63 is below 10`; nil where the decision does not say.
  package let reason: String?

  package init(subject: String, word: String, choice: Bool, reason: String?) {
    self.subject = subject
    self.word = word
    self.choice = choice
    self.reason = reason
  }

  /// `Model accepted: RMSE 2.63 is below 10`.
  package var sentence: String { "\(subject) \(word)" + (reason.map { ": \($0)" } ?? "") }

  /// The same with the other word of the run before; nil for none.
  package func sentence(was old: String?) -> String {
    sentence + (old.map { " (was \($0))" } ?? "")
  }
}
