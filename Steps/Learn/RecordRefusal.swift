// The step for the arm in which a model is not used: it says why. It decides nothing.
import AtelierStep
import Content
import LearningFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The record of a refused model: status, reason, and what the decision was based on: metric, value,
/// comparison, threshold, constant, passesThreshold, beatsConstant.
public struct RecordRefusal: Step {
  /// A decision of `DecideByMetric`.
  public var choice: Artifact<Choice>
  /// A few words for people, such as `worse model`.
  public var reason: String
  /// The decision with the status `refused` and the reason.
  public var record = Output<Outcome>()

  /// Copies the decision, without the choice itself, into the record.
  public func run(in context: StepContext) throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: context.path(choice)))
    guard var record = try JSONValue(parsing: [UInt8](bytes)).object else {
      throw StepFailure("the decision is no JSON object")
    }
    record["choice"] = nil
    record["status"] = "refused"
    record["reason"] = .string(reason)
    try Data(try JSONValue.object(record).canonicalBytes() + [0x0A]).write(
      to: URL(fileURLWithPath: context.path(self.record)))
  }
}
