// Evaluates a segment on the platform, once, and compares its reach with ours.
import AdobePlatform
import AtelierStep
import Content
import FileTools
import Segments

/// Defines a segment, waits until Profile has the scores, and runs one job.
struct SegmentAction {
  private let call: ActionCall
  private let effect: IntentFile
  /// How many users' scores are looked for in Profile before a job is spent.
  private static let sample = 10

  init(_ call: ActionCall, _ effect: IntentFile) {
    self.call = call
    self.effect = effect
  }

  func run() throws {
    let services = call.services
    let version = try call.joined("version")
    guard try services.holds(version) else {
      throw StepFailure(
        "the scores of the data set \(version.dataset) are gone from the platform; run again to load "
          + "them anew")
    }
    let wish = try definition()
    let reach = try self.reach()
    try ProfileWatch(services.client).wait(
      for: try sampledScores(), tenant: try call.text("tenant"))
    let service = SegmentService(services.client)
    let segment = try service.ensure(wish)
    var evaluating = service
    evaluating.willStart = { [budget = call.budget] in
      try budget.spend(.segmentJob, on: "evaluation of '\(wish.name)' (\($0))")
    }
    let job = try evaluating.evaluate(
      segment: segment, expected: reach, since: try arrived(version), intent: effect)
    call.log("'\(wish.name)': job \(job.id) reached \(reach) profiles, as the topology tells")
    let json: JSONValue = [
      "segment": .string(segment), "name": .string(wish.name), "job": .string(job.id),
      "reach": .integer(reach),
    ]
    try Disk.write(try json.canonicalBytes(), to: call.output("evaluation"))
  }

  /// When the newest batch of the scores was made, in milliseconds since 1970.
  private func arrived(_ version: DataSetVersion) throws -> Int64 {
    let moments = try version.batches.map { batch in
      try call.services.catalog.batch(batch.id)?.json["created"]?.integer ?? .max
    }
    return moments.max() ?? .max
  }

  private func definition() throws -> SegmentDefinition {
    let bytes = try Disk.readDocument(call.path("definition")) ?? []
    return try SegmentInputs.definition(bytes)
  }

  private func reach() throws -> Int64 {
    try SegmentInputs.reach(Disk.readDocument(call.path("segment")) ?? [])
  }

  private func sampledScores() throws -> [ProfileWatch.Score] {
    let limit = 1 << 16
    let head = try Disk.read(call.path("scores"), first: limit) ?? []
    return SegmentInputs.scores(head, isWhole: head.count < limit, most: Self.sample)
  }
}
