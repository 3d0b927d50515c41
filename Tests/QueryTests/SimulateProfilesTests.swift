// The profiles file: golden bytes, batch borders, and the ECIDs that events carry.
import AtelierStep
import AtelierTesting
import Content
import Testing

@testable import Query

@Suite struct SimulateProfilesTests {
  private func simulate(first: Int = 0, count: Int = 300, seed: Int = 7) throws
    -> StepHarness.Result
  {
    try StepHarness.run(
      SimulateProfiles(batch: 0, firstUser: first, userCount: count, seed: seed))
  }

  private func rows(_ query: String, _ results: StepHarness.Result...) throws -> [[String]] {
    try EventExport.rows(query, of: results.map { $0.outputs["profiles"] ?? "" })
  }

  @Test func bytesAreGolden() throws {
    let result = try simulate()
    let digest = try Digest.of(file: result.outputs["profiles"] ?? "").digest
    #expect(digest.hex == "5f6496fbeac1aa24a6c2de672b425ddb72f0d532722fe36b66fe55163de99eb2")
  }

  @Test func bordersOfBatchesDoNotMatter() throws {
    let query = "SELECT md5(events::VARCHAR) FROM events ORDER BY personalEmail.address"
    let parts = try (simulate(first: 0, count: 7), simulate(first: 7, count: 13))
    #expect(try rows(query, parts.0, parts.1) == rows(query, simulate(count: 20)))
  }

  @Test func profilesAreOfTheUsersInOrder() throws {
    let found = try rows("SELECT personID, personalEmail.address FROM events", simulate(first: 5))
    #expect(
      found == (5..<305).map { [Identity(number: $0).ecid, Identity(number: $0).email] })
  }

  @Test func oneProfileFieldByField() throws {
    let row = try rows(
      """
      SELECT person.name.firstName, person.name.lastName, person.gender, mobilePhone.number,
        homeAddress.street1, homeAddress.city, homeAddress.state, homeAddress.postalCode,
        loyalty.loyaltyID[1], loyalty.tier, loyalty.points, loyalty.joinDate
      FROM events
      """, simulate(first: 3, count: 1))
    #expect(
      row == [
        [
          "Mary", "Dubois", "female", "+1-559-555-0187", "4371 Maple Road", "Boston", "MA",
          "02186", "100000003", "silver", "372917", "2021-12-06 15:48:03",
        ]
      ])
  }

  @Test func everyFieldVariesAndNoneIsNull() throws {
    let counts = try rows(
      """
      SELECT count(DISTINCT person.name.firstName), count(DISTINCT person.name.lastName),
        count(DISTINCT person.gender), count(DISTINCT homeAddress.city),
        count(DISTINCT loyalty.tier), count(*) FILTER (COLUMNS(*)::VARCHAR LIKE '%NULL%')
      FROM events
      """, simulate(count: 1000))
    #expect(counts == [["40", "22", "3", "9", "5"] + [String](repeating: "0", count: 6)])
  }

  @Test func theSeedChangesThePerson() throws {
    let query = "SELECT personID, person.name.lastName FROM events"
    let (one, two) = try (rows(query, simulate(seed: 1)), rows(query, simulate(seed: 2)))
    #expect(one.map { $0[0] } == two.map { $0[0] })
    #expect(one.map { $0[1] } != two.map { $0[1] })
  }
}
