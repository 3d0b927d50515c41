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
    if try effect.load()?.ids["job"] == nil {
      try call.budget.spend(.segmentJob, on: "evaluation of '\(wish.name)' (\(segment))")
    }
    let job = try service.evaluate(segment: segment, expected: reach, intent: effect)
    call.log("'\(wish.name)': job \(job.id) reached \(reach) profiles, as the topology tells")
    let json: JSONValue = [
      "segment": .string(segment), "name": .string(wish.name), "job": .string(job.id),
      "reach": .integer(reach),
    ]
    try Disk.write(try json.canonicalBytes(), to: call.output("evaluation"))
  }

  private func definition() throws -> SegmentDefinition {
    let path = try call.path("definition")
    guard let bytes = try Disk.readDocument(path), let json = try? JSONValue(parsing: bytes),
      let name = json["name"]?.string, let rule = json["expression"]?["value"]?.string
    else { throw StepFailure("the definition of the segment has no name and no rule") }
    var wish = SegmentDefinition(
      name: name, description: json["description"]?.string ?? "", rule: rule)
    if let days = json["ttlInDays"]?.integer(in: 1...3660) { wish.days = Int(days) }
    return wish
  }

  /// The second of the row's three columns: rule, reach, subscribed; a rule has no comma.
  private func reach() throws -> Int64 {
    let lines = try text("segment").split(whereSeparator: \.isNewline)
    let values = lines.dropFirst().first?.split(separator: ",") ?? []
    guard lines.count == 2, values.count == 3, let reach = Int64(values[1]) else {
      throw StepFailure(
        "the segment's table has no reach; expected a row of rule, reach, subscribed")
    }
    return reach
  }

  /// The first users' scores: `userId,prediction`.
  private func sampledScores() throws -> [ProfileWatch.Score] {
    let head = try Disk.read(call.path("scores"), first: 1 << 16) ?? []
    let lines = String(decoding: head, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: true)
    // The last line may be cut.
    return lines.dropFirst().dropLast(head.count == 1 << 16 ? 1 : 0).prefix(Self.sample).compactMap
    {
      let values = $0.split(separator: ",")
      guard values.count == 2, let value = Double(values[1]) else { return nil }
      return ProfileWatch.Score(user: String(values[0]), value: value)
    }
  }

  private func text(_ name: String) throws -> String {
    let bytes = try Disk.readDocument(call.path(name)) ?? []
    return String(decoding: bytes, as: UTF8.self)
  }
}
