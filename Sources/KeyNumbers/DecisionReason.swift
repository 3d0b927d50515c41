// The facts behind a decision as the second half of a sentence. It decides nothing.
import Content

/// Reads the members that steps put beside a choice: metric, value, comparison, threshold, and what the
/// best constant prediction has.
enum DecisionReason {
  /// `RMSE 2.63 is below 10`; nil where the document has no such facts.
  ///
  /// A key number of the same value lends its name and unit.
  static func text(_ document: JSONValue, among numbers: [KeyFigure]) -> String? {
    guard let metric = document["metric"]?.string, let value = document["value"]?.number,
      let comparison = document["comparison"]?.string,
      let threshold = document["threshold"]?.number
    else { return nil }
    let known = numbers.first { $0.value == value && $0.place.hasSuffix(metric) }
    let shown =
      known ?? KeyFigure(name: metric, value: value, output: "", place: "")
    let passes = document["passesThreshold"]?.bool ?? document["choice"]?.bool ?? true
    let (text, limit) = KeyChange(from: shown.with(value: threshold), to: shown).distinctTexts
    let head = "\(shown.name) \(text) is \(passes ? "" : "not ")\(comparison) \(limit)"
    guard passes, document["beatsConstant"]?.bool == false,
      let constant = document["constant"]?.number
    else { return head }
    return head + ", but no better than the \(shown.text(of: constant)) of a constant prediction"
  }
}
