// What a branch reads of a decision, and what must hold.
import Atelier
import Content
import States

/// How the arm of a branch follows from the decision's document: by numbers where the step that
/// decides has a threshold, else by the decision itself.
struct DecisionRule: Hashable {
  /// A number of the document on the right side of a threshold.
  struct Threshold: Hashable {
    /// The member of the document that is compared.
    let member: String
    /// Whether the member must be below; else above.
    let isBelow: Bool
    /// The threshold, in the metric's own unit.
    let limit: Double
  }

  /// The number that is compared; nil where the step knows no threshold.
  let threshold: Threshold?
  /// A member that must be true besides.
  let truth: String

  /// The rule of a step that decides.
  init(_ step: StepDescription?) {
    let parameters = step?.parameters
    if let limit = parameters?["threshold"]?.number,
      let comparison = parameters?["comparison"]?.string,
      ["below", "above"].contains(comparison)
    {
      threshold = Threshold(member: "value", isBelow: comparison == "below", limit: limit)
      truth = "beatsConstant"
    } else {
      threshold = nil
      truth = "choice"
    }
  }

  /// The condition on the document, which lies at a path of the data.
  func condition(at path: DataPath) -> Condition {
    func member(_ name: String) -> DataPath { DataPath("\(path.text).\(name)") }
    let isTrue = Condition.value(member(truth), .bool(true))
    guard let threshold else { return isTrue }
    let order: Comparison.Order = threshold.isBelow ? .lessThan : .greaterThan
    return .and([
      .value(member(threshold.member), .number(order, threshold.limit)), isTrue,
    ])
  }
}
