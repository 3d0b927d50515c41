// A small propensity workshop on the platform's sandbox, by the built program.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import PlatformHarness

/// Two batches of 200 users whose weeks run on the platform; another store runs the same here.
struct LiveSpace {
  let space: Space
  let platform: PlatformSpace
  let events: String
  let scores: String

  /// `enabled` says whether the data set of the scores feeds Profile.
  init(enabled: Bool = true, on sandbox: PlatformSandbox? = nil) throws {
    space = try Space()
    platform = try (sandbox ?? .shared()).space()
    events = try platform.makeDataSet("events")
    scores = try platform.makeDataSet("scores")
    if enabled { try platform.enableProfile(scores) }
    let certificate =
      try platform.get("addresses")["wire"]?["certificate"]?.string ?? ""
    space.settings.merge(platform.values) { $1 }
    space.settings.merge([
      "Atelier.users": "400", "Atelier.batches": "2", "Atelier.trials": "2",
      "Atelier.tenant": "acme",
      "Platform.backend": "aep", "Platform.dataset_id": events,
      "Platform.scoring_dataset_id": scores, "Platform.query_ca": certificate,
    ]) { $1 }
  }

  /// A run of the same weeks on this machine, in a store of its own.
  func local(_ target: String = "week5", _ more: [String: String] = [:]) throws -> RunReport {
    let store = space.store
    defer { space.store = store }
    space.store = space.root + "/local"
    return try space.run([target], more.merging(["Platform.backend": "local"]) { $1 })
  }

  /// Calls that make something, by what they make.
  func made() throws -> [String: Int64] {
    [
      "batches": try platform.count("POST /data/foundation/import/batches") - completed(),
      "tables": try platform.count("POST /data/foundation/query/queries"),
      "segments": try platform.count("POST /data/core/ups/segment/definitions"),
      "jobs": try platform.count("POST /data/core/ups/segment/jobs"),
    ]
  }

  private func completed() throws -> Int64 {
    try platform.count("POST /data/foundation/import/batches/")
  }
}

/// Outputs that must be the same bytes wherever the weeks run.
let comparedOutputs = [
  "week1.statistics.table", "week1.sampling.table", "week1.funnel.table",
  "week1.cooccurrence.table", "week1.correlation.table", "week1.samples.table",
  "week2.features.0.part", "week2.features.1.part", "week3.delivery.delivered",
  "week4.scores.scores", "week5.topology.topology", "week5.members.members",
  "week5.segment.segment",
]
