// The step that has the platform export a table to the bucket. It reads what came there.
import AtelierStep
import PropensityFormats

/// Exports the features of a version by a data flow to S3, and takes the files that it wrote.
public struct ExportByFlow: Step {
  /// Calls to the platform.
  public static let isolation = Isolation.platform

  /// The features on the platform.
  public var version: Artifact<Remote<FeatureTable>>
  /// Where the flow writes.
  @Unkeyed public var bucket: String = ""
  /// The prefix in the bucket, without slashes at its ends; may be empty.
  @Unkeyed public var prefix: String = ""
  /// The files of the export.
  public var files = Output<Brought<FeatureTable>>()

  /// Makes the flow, runs it once, waits for its end, and brings all files of the new export.
  public func run(in context: StepContext) throws {
    try context.perform(
      PlatformCall(
        "export", ["bucket": .string(bucket), "prefix": .string(prefix)],
        reads: ["version": [try context.path(version)]],
        writes: ["files": try context.path(files)]))
  }
}
