// The step that cuts the segment: rule and definition. It trusts no reach unchecked.
import AtelierStep
import DuckDB
import PropensityFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The segment of the users with from <= score <= to, by its rule.
///
/// It says how many of them have subscribed already. Fails when the number of members is not the reach that the topology tells.
public struct CutSegment: Step {
  /// The users of the segment.
  public var members: Artifact<Members>
  /// The reach of every interval, which the number of members must equal.
  public var topology: Artifact<Topology>
  /// Who has subscribed already.
  public var subscribers: Artifact<Subscribers>
  /// The lower border, 0 to 1 with at most two decimals; users with this score belong to it.
  public var from: Double
  /// The upper border, likewise.
  public var to: Double
  /// The tenant, without the underscore of its column.
  public var tenant: String
  /// One row: the rule, its reach, and how many have subscribed already.
  public var segment = Output<PropensityFormats.Segment>()
  /// The segment's definition for the platform.
  public var definition = Output<SegmentDefinition>()

  /// Throws a `StepFailure` that names the configuration's key when there is no such interval.
  public static func validate(from: Double, to: Double) throws {
    _ = try PropensityInterval(from: from, to: to)
  }

  /// DuckDB, which counts members and subscribers.
  public var programs: [Program] { [.duckdb] }
  /// `segment.sql`, which counts and writes the row.
  public var sql: [String: String] { SQLFile.segment.named }

  /// Writes segment and definition; fails when the members are not as many as the topology says.
  public func run(in context: StepContext) throws {
    let interval = try PropensityInterval(from: from, to: to)
    let document = try DefinitionDocument(interval: interval, tenant: tenant).encoded()
    try document.write(to: URL(fileURLWithPath: try context.path(definition)))
    let printed = try DuckDB(in: context).run(
      try context.sql(SQLFile.segment),
      with: [
        "topology": .text(try context.path(topology)),
        "lowest": .integer(Int64(interval.from)),
        "highest": .integer(Int64(interval.to)),
        "rule": .text(interval.rule(tenant: tenant)),
        "segment": .text(try context.path(segment)),
        "members": .text(try context.path(members)),
        "subscribers": .text(try context.path(subscribers)),
      ])
    let counts = try check(printed, interval)
    context.log("\(counts.subscribed) of \(counts.members) members have subscribed already")
  }

  /// Compares the first two numbers of the script's last line.
  private func check(
    _ printed: String, _ interval: PropensityInterval
  ) throws -> (members: Int, subscribed: Int) {
    let counts = printed.split(whereSeparator: \.isNewline).last?.split(separator: ",") ?? []
    guard counts.count == 3, let members = Int(counts[0]), let reach = Int(counts[1]),
      let subscribed = Int(counts[2])
    else {
      throw StepFailure(
        "the topology tells no reach for \(interval.text): it was made by another version of "
          + "ReachMatrix or from other scores")
    }
    guard members == reach else {
      throw StepFailure(
        "the segment \(interval.text) has \(members) members, but the topology tells a reach of "
          + "\(reach): the topology must be made from the same scores, one row a user")
    }
    return (members, subscribed)
  }
}
