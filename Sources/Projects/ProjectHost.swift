// Where projects are kept: SageMaker's own list, or the stacks of a folder.
import AccountDeployment

/// How a project is made.
package enum ProjectProvider: String, CaseIterable, Sendable {
  /// SageMaker deploys the template itself.
  case template
  /// Service Catalog launches the product.
  case catalogue
}

/// What a project is made of.
package struct ProjectOrder: Sendable {
  package var wish: ProjectWish
  /// The template with the user's own tags, in the bucket of templates.
  package var asset: AccountStack.Asset
  package var url: String
  package var launchRole: String
  package var parameters: [String: String]
  package var tags: [String: String]
  /// A digest of all of this, by which a second call knows the project.
  package var digest: String
}

/// The projects of an account.
///
/// Calls may be repeated: one that was killed is continued by the next.
package protocol ProjectHost: Sendable {
  func all() throws -> [ProjectRecord]
  func find(_ name: String) throws -> ProjectRecord?
  /// Makes a project, or waits for one that is being made; whether it was made now.
  func create(_ order: ProjectOrder, say: (String) -> Void) throws -> Bool
  /// Removes a project with all that is in it; `models` those of its group, too.
  func delete(_ record: ProjectRecord, buckets: [String], say: (String) -> Void) throws
  /// How many models the project's group has.
  func modelCount(_ record: ProjectRecord) throws -> Int
  /// Ends what a person has running.
  func closeApps(profile: String, domain: String) throws
  /// An address at which a person opens Studio.
  func address(profile: String, domain: String) throws -> String
}
