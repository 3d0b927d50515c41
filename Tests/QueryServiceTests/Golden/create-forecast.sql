CREATE TABLE atelier_0123456789abcdef AS
SELECT
  userId,
  max(lastType) AS eventType,
  timestamp_micros(1715904000000000) AS timestamp,
  max(isSubscription) = 1 AS subscriptionOccurred,
  sum(CASE WHEN isKnown = 1 AND eventType = 'directMarketing.emailSent' THEN 1 ELSE 0 END) AS emailsReceived,
  sum(CASE WHEN isKnown = 1 AND eventType = 'directMarketing.emailOpened' THEN 1 ELSE 0 END) AS emailsOpened,
  sum(CASE WHEN isKnown = 1 AND eventType = 'directMarketing.emailClicked' THEN 1 ELSE 0 END) AS emailsClicked,
  sum(CASE WHEN isKnown = 1 AND eventType = 'commerce.productViews' THEN 1 ELSE 0 END) AS productsViewed,
  sum(CASE WHEN isKnown = 1 AND eventType = 'decisioning.propositionInteract' THEN 1 ELSE 0 END) AS propositionInteracts,
  sum(CASE WHEN isKnown = 1 AND eventType = 'decisioning.propositionDismiss' THEN 1 ELSE 0 END) AS propositionDismissed,
  sum(CASE WHEN isKnown = 1 AND eventType = 'web.webinteraction.linkClicks' THEN 1 ELSE 0 END) AS webLinkClicks,
  (1715904000000000 - max(CASE WHEN isKnown = 1 AND eventType = 'directMarketing.emailSent' THEN micros END)) div 60000000 AS minutes_since_emailSent,
  (1715904000000000 - max(CASE WHEN isKnown = 1 AND eventType = 'directMarketing.emailOpened' THEN micros END)) div 60000000 AS minutes_since_emailOpened,
  (1715904000000000 - max(CASE WHEN isKnown = 1 AND eventType = 'directMarketing.emailClicked' THEN micros END)) div 60000000 AS minutes_since_emailClick,
  (1715904000000000 - max(CASE WHEN isKnown = 1 AND eventType = 'commerce.productViews' THEN micros END)) div 60000000 AS minutes_since_productView,
  (1715904000000000 - max(CASE WHEN isKnown = 1 AND eventType = 'decisioning.propositionInteract' THEN micros END)) div 60000000 AS minutes_since_propositionInteract,
  (1715904000000000 - max(CASE WHEN isKnown = 1 AND eventType = 'decisioning.propositionDismiss' THEN micros END)) div 60000000 AS minutes_since_propositionDismiss,
  (1715904000000000 - max(CASE WHEN isKnown = 1 AND eventType = 'web.webinteraction.linkClicks' THEN micros END)) div 60000000 AS minutes_since_linkClick,
  sum(isKnown) AS random_row_number_for_user
FROM (
  SELECT
    userId, eventType, micros, isKnown, isSubscription, isEarlier,
    first_value(eventType) OVER (
      PARTITION BY userId
      ORDER BY isKnown DESC, micros DESC, _id DESC, eventType DESC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS lastType
  FROM (
    SELECT
      userId, _id, eventType, micros,
      CASE WHEN micros < 1715904000000000 THEN 1 ELSE 0 END AS isKnown,
      CASE WHEN eventType = 'web.formFilledOut' AND micros >= 1715904000000000 AND micros < 1716508800000000
        THEN 1 ELSE 0 END AS isSubscription,
      CASE WHEN eventType = 'web.formFilledOut' AND micros < 1715904000000000 THEN 1 ELSE 0 END AS isEarlier
    FROM (
      SELECT _acme.cmle_id AS userId, _id, eventType, unix_micros(timestamp) AS micros
      FROM cmle_events
      WHERE _acp_system_metadata.acp_sourceBatchId IN ('01HA', '01HB')
        AND _acme.cmle_id IS NOT NULL
    ) AS event
  ) AS span
) AS history
GROUP BY userId
HAVING max(isKnown) = 1 AND max(isEarlier) = 0
ORDER BY userId
