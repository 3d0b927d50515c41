// The step that gives the platform one batch of events. It waits; the platform does the work.
import AtelierStep
import PropensityFormats

/// Loads a batch of events into a data set of the platform, once.
///
/// The version names the one batch that was made, so one more batch leaves the others' steps alone. It
/// is there when the platform has taken all of its rows into the data lake; Profile may see them later.
public struct LoadEvents: Step {
  /// Calls to the platform.
  public static let isolation = Isolation.platform

  /// The events of one batch, in the XDM shape.
  public var events: Artifact<EventTable>
  /// Where they go.
  public var place: PlatformPlace
  /// The id of the data set.
  public var dataset: String
  /// The tenant, without the underscore of its column.
  public var tenant: String
  /// The batch that holds the events.
  public var version = Output<Remote<EventTable>>()

  /// Loads the file, waits until the batch has succeeded, and writes its version.
  public func run(in context: StepContext) throws {
    try context.perform(
      PlatformCall(
        "load-batch",
        ["dataset": .string(dataset), "format": "parquet", "tenant": .string(tenant)],
        reads: ["file": [try context.path(events)]],
        writes: ["version": try context.path(version)]))
  }
}
