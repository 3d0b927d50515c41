// Whether Profile has the scores yet, which it gets later than the data lake.
import AdobePlatform
import Content
import HTTP

/// Looks at single profiles.
package struct ProfileWatch: Sendable {
  package let client: PlatformClient

  package init(_ client: PlatformClient) { self.client = client }

  /// A score that a profile should have.
  package struct Score: Sendable, Hashable {
    package let user: String
    package let value: Double

    package init(user: String, value: Double) {
      self.user = user
      self.value = value
    }
  }

  /// Waits until each of some profiles has its score; a job is not asked for before, for there are few.
  ///
  /// Profiles are looked up by their ECID. Throws `WaitEnded` with the number of those without a score.
  package func wait(for scores: [Score], tenant: String) throws {
    var missing = scores
    try client.wait(for: "the arrival of the scores in Profile") { () -> WaitStep<Void> in
      missing = try missing.filter { try value(of: $0.user, tenant) != $0.value }
      return missing.isEmpty
        ? .done(()) : .waiting("\(missing.count) of \(scores.count) profiles without their score")
    }
  }

  private func value(of user: String, _ tenant: String) throws -> Double? {
    let answer = try client.find(
      "/data/core/ups/access/entities",
      [
        QueryItem("schema.name", "_xdm.context.profile"), QueryItem("entityId", user),
        QueryItem("entityIdNS", "ecid"), QueryItem("fields", "_\(tenant).propensity"),
      ])
    for entity in (answer?.object ?? [:]).values {
      if let value = entity["entity"]?["_\(tenant)"]?["propensity"]?.number { return value }
    }
    return nil
  }
}
