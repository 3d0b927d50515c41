// What a run came to and what was changed before it, as values.
import KeyNumbers

/// A key number as a card.
package struct KeyCard: Sendable {
  package var name: String
  /// With its unit: `12,701 people`.
  package var value: String
  /// `+0.007 (+0.8 %)`; empty without an earlier value or a change.
  package var change: String
  package var verdict: KeyFigure.Verdict
  /// What it is read beside: `baseline 0.905`, `target 10 met`.
  package var notes: [String]
  /// Whether it missed its target or is behind what it is read beside.
  package var isBad: Bool

  package init(
    name: String, value: String, change: String, verdict: KeyFigure.Verdict, notes: [String],
    isBad: Bool
  ) {
    self.name = name
    self.value = value
    self.change = change
    self.verdict = verdict
    self.notes = notes
    self.isBad = isBad
  }
}

/// A decision as a sentence.
package struct ShownDecision: Sendable {
  package var sentence: String
  package var isYes: Bool

  package init(sentence: String, isYes: Bool) {
    self.sentence = sentence
    self.isYes = isYes
  }
}

/// The reach of every interval of hundredths from 0 to 1, and the rule of each.
package struct IntervalGrid: Sendable {
  /// The rule with `{from}` and `{to}` for the borders.
  package var template: String
  /// The interval of the run, as its rule has it.
  package var from: String
  package var to: String
  /// By the lower border, then by the upper one, which is no less.
  package var reach: [Int]

  /// So many intervals of two hundredths there are.
  package static let count = 101 * 102 / 2

  package init(template: String, from: String, to: String, reach: [Int]) {
    self.template = template
    self.from = from
    self.to = to
    self.reach = reach
  }
}

/// A setting that is not what it was in the run before.
package struct ShownChange: Sendable {
  /// `Section.key`.
  package var name: String
  package var old: String
  package var new: String

  package init(name: String, old: String, new: String) {
    self.name = name
    self.old = old
    self.new = new
  }
}

extension StepGroup {
  /// Whether nothing happened to any of its steps that a reader looks for.
  package var isUnchanged: Bool {
    steps.allSatisfy { step in
      switch step.status {
      case .hit, .unchanged, .source, .selected, .notTaken, .unknown: step.warnings.isEmpty
      case .failed, .skipped, .built, .delivered: false
      }
    }
  }
}

extension Metric {
  /// Whether it is what it was in an earlier run.
  var isSame: Bool { difference == nil && history.dropLast().contains { $0 != nil } }
}
