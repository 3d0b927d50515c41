// The events file: golden bytes, batch borders, schema, and what is refused.
import AtelierStep
import AtelierTesting
import Content
import Foundation
import Testing

@testable import Query

@Suite struct SimulateEventsTests {
  @Test func bytesAreGolden() throws {
    let first = try simulateEvents()
    let digest = try Digest.of(file: first.outputs["events"] ?? "").digest
    #expect(digest.hex == "207bdea0c5366167368fbbf6085257f6de97a6682062f35dda00f06826d1db5c")
    let again = try simulateEvents()
    #expect(try Digest.of(file: again.outputs["events"] ?? "").digest == digest)
  }

  @Test func parametersChangeTheBytes() throws {
    let digests = try [
      simulateEvents(count: 20), simulateEvents(first: 1, count: 20),
      simulateEvents(count: 20, seed: 8), simulateEvents(count: 20, referenceDate: "2024-05-02"),
      simulateEvents(count: 20, tenant: "other"),
    ].map { try Digest.of(file: $0.outputs["events"] ?? "").digest }
    #expect(Set(digests).count == 5)
  }

  @Test func bordersOfBatchesDoNotMatter() throws {
    let query = "SELECT md5(events::VARCHAR) FROM events ORDER BY \"timestamp\", _id"
    let whole = try simulateEvents(first: 0, count: 90)
    let parts = try [
      simulateEvents(first: 0, count: 1), simulateEvents(first: 1, count: 49),
      simulateEvents(first: 50, count: 40),
    ]
    let expected = try EventExport.rows(query, of: [whole.outputs["events"] ?? ""])
    #expect(expected.count > 800)
    #expect(
      try EventExport.rows(query, of: parts.map { $0.outputs["events"] ?? "" }) == expected)
  }

  @Test func theFileHoldsTheSimulationInOrder() throws {
    let result = try simulateEvents()
    let rows = try EventExport.rows(
      #"SELECT eventType, epoch_us("timestamp"), _acme.cmle_id, _id FROM events"#,
      of: [result.outputs["events"] ?? ""])
    // 2024-02-07, twelve weeks before 2024-05-01.
    let start: Int64 = 1_707_264_000_000_000
    let simulation = UserSimulation(seed: 7)
    let expected = (0..<300).flatMap { user in
      simulation.events(of: user).map {
        [
          $0.type.behaviour.name, String(start + $0.microseconds), Identity(number: user).ecid,
        ]
      }
    }
    #expect(rows.map { Array($0.prefix(3)) }.sorted(by: precedes) == expected.sorted(by: precedes))
    #expect(Set(rows.map { $0[3] }).count == rows.count)
    let keys = rows.map { [$0[1], $0[3]] }
    #expect(keys == keys.sorted(by: precedes))
  }

  @Test func structsFollowTheEventType() throws {
    let result = try simulateEvents()
    let rows = try EventExport.rows(
      """
      SELECT DISTINCT eventType, web IS NULL, web.webInteraction.linkClicks."value",
        web.webPageDetails.pageViews."value", directMarketing.sends."value",
        directMarketing.emailDelivered."value", directMarketing.messageID IS NULL,
        directMarketing.opens."value", directMarketing.offerOpens."value",
        directMarketing.clicks."value", producedBy, eventMergeId
      FROM events ORDER BY eventType
      """, of: [result.outputs["events"] ?? ""])
    #expect(
      rows.map { $0.joined(separator: " ") } == [
        "advertising.clicks false 1.0 1.0   true    databricks-synthetic ",
        "advertising.impressions false 0.0 1.0   true    databricks-synthetic ",
        "commerce.productViews false 0.0 1.0   true    databricks-synthetic ",
        "commerce.purchases false 1.0 1.0   true    databricks-synthetic ",
        "decisioning.propositionDismiss false 1.0 1.0   true    databricks-synthetic ",
        "decisioning.propositionDisplay false 0.0 1.0   true    databricks-synthetic ",
        "decisioning.propositionInteract false 1.0 1.0   true    databricks-synthetic ",
        "directMarketing.emailClicked true     false  1.0 1.0 databricks-synthetic ",
        "directMarketing.emailOpened true     false 1.0 1.0  databricks-synthetic ",
        "directMarketing.emailSent true   1.0 1.0 false    databricks-synthetic ",
        "web.formFilledOut false 1.0 1.0   true    databricks-synthetic ",
        "web.webinteraction.linkClicks false 1.0 1.0   true    databricks-synthetic ",
        "web.webpagedetails.pageViews false 0.0 1.0   true    databricks-synthetic ",
      ])
  }

  @Test(arguments: [
    ("acme'; --", "2024-05-01", 1, "the parameter 'tenant' is 'acme'; --'"),
    ("", "2024-05-01", 1, "the parameter 'tenant' is ''"),
    ("acme", "May 1", 1, "the parameter 'referenceDate' is 'May 1'"),
    // Steps 3.19: a day that there is not, also while the workshop is wired.
    ("acme", "2024-02-31", 1, "the parameter 'referenceDate' is '2024-02-31'"),
    ("acme", "2023-02-29", 1, "the parameter 'referenceDate' is '2023-02-29'"),
    ("acme", "2024-13-01", 1, "the parameter 'referenceDate' is '2024-13-01'"),
    ("acme", "2024-05-01", 0, "batch 0 has 0 users from 0 on"),
  ])
  func badParametersAreNamed(tenant: String, date: String, count: Int, message: String) {
    #expect {
      try simulateEvents(count: count, referenceDate: date, tenant: tenant)
    } throws: { "\($0)".contains(message) }
  }

  private func precedes(_ a: [String], _ b: [String]) -> Bool { a.lexicographicallyPrecedes(b) }
}
