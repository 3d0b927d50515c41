// Whether a model's numbers are near enough to those that a workshop's baseline keeps. Values in, values out.
import Baselines
import Content
import Models

/// One number of a model beside the one that is expected.
package struct GateFinding: Hashable, Sendable {
  /// `step.output name`.
  package let figure: String
  package let was: Double
  /// nil where the model has no such number.
  package let new: Double?
  package let absolute: Double
  package let relative: Double
  package let holds: Bool

  package var json: JSONValue {
    [
      "figure": .string(figure), "baseline": .number(was),
      "model": new.map { .number($0) } ?? .null,
      "absolute": .number(absolute), "relative": .number(relative), "holds": .bool(holds),
    ]
  }

  init?(json: JSONValue) {
    guard let figure = json["figure"]?.string, let was = json["baseline"]?.number,
      let absolute = json["absolute"]?.number, let relative = json["relative"]?.number,
      let holds = json["holds"]?.bool
    else { return nil }
    self.init(
      figure: figure, was: was, new: json["model"]?.number, absolute: absolute, relative: relative,
      holds: holds)
  }

  init(
    figure: String, was: Double, new: Double?, absolute: Double, relative: Double, holds: Bool
  ) {
    self.figure = figure
    self.was = was
    self.new = new
    self.absolute = absolute
    self.relative = relative
    self.holds = holds
  }
}

/// A baseline that a model must keep to before it enters a tier.
package struct Gate: Sendable {
  package let name: String
  private let baseline: Baseline
  /// What counts instead of the baseline's own tolerances.
  private let tolerance: Tolerance?

  /// A gate by the baseline of a name.
  package init(name: String, _ baseline: Baseline, tolerance: Tolerance?) {
    self.name = name
    self.baseline = baseline
    self.tolerance = tolerance
  }

  /// Each number of the baseline that says what a model is worth, and whether the model keeps to it.
  ///
  /// Compared are the outputs that the entry has numbers of; a number that the baseline has and the model
  /// lacks does not hold. Empty where the baseline knows none of these outputs.
  package func findings(_ entry: ModelEntry) -> [GateFinding] {
    entry.figures.sorted { $0.key < $1.key }.flatMap { output, numbers -> [GateFinding] in
      guard let expected = baseline.entries[output] else { return [] }
      return expected.content.numbers.sorted { $0.key < $1.key }.map { name, was in
        let allowed = tolerance ?? expected.tolerance(of: name)
        let new = numbers[name]
        return GateFinding(
          figure: "\(output) \(name)", was: was, new: new, absolute: allowed.absolute,
          relative: allowed.relative, holds: new.map { allowed.allows(was, $0) } ?? false)
      }
    }
  }

  /// The tolerance of a setting: `0.05` is a share of what was expected, `=0.05` an amount; nil: invalid.
  package static func tolerance(_ text: String) -> Tolerance? {
    let isAbsolute = text.hasPrefix("=")
    guard let value = Double(isAbsolute ? String(text.dropFirst()) : text), value >= 0,
      value.isFinite
    else { return nil }
    return isAbsolute ? Tolerance(absolute: value) : Tolerance(relative: value)
  }
}
