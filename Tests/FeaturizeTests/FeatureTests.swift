// The declared features and how they are rendered.
import AtelierStep
import AtelierTesting
import Featurize
import PropensityFormats
import Testing

@Suite struct FeatureTests {
  @Test func theFeaturesAreTheFourteenOfTheWorkshop() {
    #expect(
      FeatureTable.columns(features: Feature.propensity.map(\.name)).map(\.name) == [
        "userId", "eventType", "timestamp", "subscriptionOccurred", "emailsReceived",
        "emailsOpened", "emailsClicked", "productsViewed", "propositionInteracts",
        "propositionDismissed", "webLinkClicks", "minutes_since_emailSent",
        "minutes_since_emailOpened", "minutes_since_emailClick", "minutes_since_productView",
        "minutes_since_propositionInteract", "minutes_since_propositionDismiss",
        "minutes_since_linkClick", "random_row_number_for_user",
      ])
  }

  @Test func aChangedDeclarationChangesTheKeyAndTheSQL() throws {
    let step = FeaturizeBatch(events: .test, seed: 7, tenant: "acme")
    var changed = step
    changed.features[0] = Feature("emailsReceived", .count(of: .emailOpened))
    #expect(step.sql["features.sql"] != changed.sql["features.sql"])
    #expect(
      try StepTemplate(of: step).parameters != StepTemplate(of: changed).parameters)
    #expect(step.sql["features.sql"]?.contains("{{") == false)
  }

  @Test func theParametersReadWell() throws {
    let step = FeaturizeBatch(
      events: .test, seed: 7, tenant: "acme",
      features: [
        Feature("opened", .count(of: .emailOpened)), Feature("age", .minutes(since: .emailSent)),
      ])
    #expect(
      try StepTemplate(of: step).parameters.canonicalText()
        == #"{"features":[{"kind":{"count":{"of":"directMarketing.emailOpened"}},"name":"opened"},"#
        + #"{"kind":{"minutes":{"since":"directMarketing.emailSent"}},"name":"age"}],"#
        + #""newest":[],"rows":{"event":{"gap":0}},"seed":7,"tenant":"acme"}"#)
  }

  @Test func queryServiceGetsItsOwnDialect() {
    let sql = QueryServiceSQL(
      features: [
        Feature("opened", .count(of: .emailOpened)), Feature("age", .minutes(since: .emailSent)),
      ], tenant: "acme", dataset: "cmle_events", seed: 7)
    let lines = sql.text.split(separator: "\n", omittingEmptySubsequences: true)
      .drop { $0.hasPrefix("--") }
    #expect(
      lines.joined(separator: "\n") == """
        SELECT
          userId,
          eventType,
          timestamp,
          subscriptionOccurred,
          opened,
          age,
          random_row_number_for_user
        FROM (
          SELECT
            _acme.cmle_id AS userId,
            eventType,
            timestamp,
            max(CASE WHEN eventType = 'web.formFilledOut' THEN 1 ELSE 0 END)
              OVER (PARTITION BY _acme.cmle_id) = 1 AS subscriptionOccurred,
            sum(CASE WHEN eventType = 'directMarketing.emailOpened' THEN 1 ELSE 0 END)
              OVER (PARTITION BY _acme.cmle_id ORDER BY timestamp, _id
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS opened,
            TIME_BETWEEN_PREVIOUS_MATCH(timestamp, eventType = 'directMarketing.emailSent', 'minutes')
              OVER (PARTITION BY _acme.cmle_id ORDER BY timestamp, _id
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS age,
            row_number() OVER (
              PARTITION BY _acme.cmle_id ORDER BY md5(concat('7', _acme.cmle_id, _id)), timestamp, _id
            ) AS random_row_number_for_user,
            row_number() OVER (
              PARTITION BY _acme.cmle_id, eventType ORDER BY timestamp, _id
            ) AS row_number_of_type
          FROM cmle_events SNAPSHOT BETWEEN $from_snapshot_id AND $to_snapshot_id
          WHERE _acme.cmle_id IS NOT NULL
        )
        WHERE (subscriptionOccurred AND eventType = 'web.formFilledOut' AND row_number_of_type = 1)
          OR (NOT subscriptionOccurred AND random_row_number_for_user = 1)
        ORDER BY userId
        """)
  }
}
