// The joint between a run and the platform on which some of its steps act. It knows no platform.
import AtelierStep
import Content
import Workers

/// A platform that does what steps ask for, each thing once.
///
/// All methods may be called from any thread and block until the platform has done its part.
package protocol StepPlatform: Sendable {
  /// What makes the calls of a step.
  ///
  /// Throws where the settings name no platform, or not all that it takes.
  func caller() throws -> any PlatformCaller

  /// Whether all that a version document names is still there, unchanged.
  func isThere(_ version: [UInt8]) throws -> Bool
}

/// Stands where nobody gave a platform.
package struct NoPlatform: StepPlatform {
  package init() {}

  private var refusal: EngineFailure {
    EngineFailure("this program talks to no platform; set [Platform] backend = local")
  }

  package func caller() throws -> any PlatformCaller { throw refusal }

  package func isThere(_ version: [UInt8]) throws -> Bool { throw refusal }
}
