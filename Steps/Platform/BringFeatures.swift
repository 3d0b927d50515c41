// The step that brings the rows of a table from the platform. It trusts no type in them.
import AtelierStep
import PropensityFormats

/// Brings the files of a version of features by the Data Access API.
public struct BringFeatures: Step {
  /// Calls to the platform.
  public static let isolation = Isolation.platform

  /// The features on the platform.
  public var version: Artifact<Remote<FeatureTable>>
  /// Their files.
  public var files = Output<Brought<FeatureTable>>()

  /// Downloads every file of every batch of the version.
  public func run(in context: StepContext) throws {
    try context.perform(
      PlatformCall(
        "bring", reads: ["version": [try context.path(version)]],
        writes: ["files": try context.path(files)]))
  }
}
