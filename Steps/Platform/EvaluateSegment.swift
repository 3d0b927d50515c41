// The step that has the platform evaluate the segment, and compares its reach with ours.
import AtelierStep
import PropensityFormats

/// Defines the segment on the platform, evaluates it once, and fails unless its reach is ours.
///
/// The same scores never ask twice: a sandbox has two evaluations a day.
public struct EvaluateSegment: Step {
  /// Calls to the platform.
  public static let isolation = Isolation.platform

  /// The scores on the platform.
  public var version: Artifact<Remote<Scores>>
  /// The same scores here: some are looked for in Profile before an evaluation is spent.
  public var scores: Artifact<Scores>
  /// The segment's definition.
  public var definition: Artifact<SegmentDefinition>
  /// The rule and the reach that the topology tells.
  public var segment: Artifact<PropensityFormats.Segment>
  /// Where it is evaluated.
  public var place: PlatformPlace
  /// The tenant, without the underscore of its column.
  public var tenant: String
  /// What the platform made of it.
  public var evaluation = Output<SegmentEvaluation>()

  /// Evaluates the segment, waits, and compares the counter with the reach.
  public func run(in context: StepContext) throws {
    try context.perform(
      PlatformCall(
        "evaluate-segment", ["tenant": .string(tenant)],
        reads: [
          "version": [try context.path(version)], "scores": [try context.path(scores)],
          "definition": [try context.path(definition)],
          "segment": [try context.path(segment)],
        ],
        writes: ["evaluation": try context.path(evaluation)]))
  }
}
