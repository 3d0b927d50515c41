// The step that makes the profiles of one batch of users. It draws nothing: profiles.sql does.
import AtelierStep
import DuckDB
import PropensityFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Makes the profiles of the users `firstUser ..< firstUser + userCount`.
///
/// A profile depends on the seed and the user's number alone; its `personID` is the ECID that the
/// user's events carry.
public struct SimulateProfiles: Step {
  /// The number of the snapshot batch, for the log.
  public var batch: Int
  /// The number of the batch's first user.
  public var firstUser: Int
  /// The number of users.
  public var userCount: Int
  /// The seed of every draw.
  public var seed: Int
  /// The profiles, ordered by user number.
  public var profiles = Output<ProfileTable>()

  /// DuckDB, which makes the profiles.
  public var programs: [Program] { [.duckdb] }
  /// `profiles.sql`, which draws by seed and user number.
  public var sql: [String: String] { SQLFile.profiles.named }

  /// Writes a profile per user as Parquet.
  public func run(in context: StepContext) throws {
    let users = try UserRange(batch: batch, first: firstUser, count: userCount)
    var text = Data()
    for user in users.numbers {
      let identity = Identity(number: user)
      text.append(contentsOf: "\(user),\(identity.ecid),\(identity.email)\n".utf8)
    }
    let file = context.scratch("users.csv")
    try text.write(to: URL(filePath: file))
    context.log("batch \(batch): \(userCount) profiles from user \(firstUser) on")
    try DuckDB(in: context).run(
      try context.sql(SQLFile.profiles),
      with: [
        "users": .text(file), "profiles": .text(try context.path(profiles)),
        "seed": .integer(Int64(seed)),
      ])
  }
}
