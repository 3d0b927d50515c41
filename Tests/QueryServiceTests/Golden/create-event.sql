CREATE TABLE atelier_0123456789abcdef AS
SELECT
  userId,
  max(pickType) AS eventType,
  max(pickTime) AS timestamp,
  max(isSubscriber) = 1 AS subscriptionOccurred,
  sum(CASE WHEN isKnown = 1 AND eventType = 'directMarketing.emailSent' THEN 1 ELSE 0 END) AS emailsReceived,
  sum(CASE WHEN isKnown = 1 AND eventType = 'directMarketing.emailOpened' THEN 1 ELSE 0 END) AS emailsOpened,
  sum(CASE WHEN isKnown = 1 AND eventType = 'directMarketing.emailClicked' THEN 1 ELSE 0 END) AS emailsClicked,
  sum(CASE WHEN isKnown = 1 AND eventType = 'commerce.productViews' THEN 1 ELSE 0 END) AS productsViewed,
  sum(CASE WHEN isKnown = 1 AND eventType = 'decisioning.propositionInteract' THEN 1 ELSE 0 END) AS propositionInteracts,
  sum(CASE WHEN isKnown = 1 AND eventType = 'decisioning.propositionDismiss' THEN 1 ELSE 0 END) AS propositionDismissed,
  sum(CASE WHEN isKnown = 1 AND eventType = 'web.webinteraction.linkClicks' THEN 1 ELSE 0 END) AS webLinkClicks,
  (max(pickMicros) - max(CASE WHEN isKnown = 1 AND eventType = 'directMarketing.emailSent' THEN micros END)) div 60000000 AS minutes_since_emailSent,
  (max(pickMicros) - max(CASE WHEN isKnown = 1 AND eventType = 'directMarketing.emailOpened' THEN micros END)) div 60000000 AS minutes_since_emailOpened,
  (max(pickMicros) - max(CASE WHEN isKnown = 1 AND eventType = 'directMarketing.emailClicked' THEN micros END)) div 60000000 AS minutes_since_emailClick,
  (max(pickMicros) - max(CASE WHEN isKnown = 1 AND eventType = 'commerce.productViews' THEN micros END)) div 60000000 AS minutes_since_productView,
  (max(pickMicros) - max(CASE WHEN isKnown = 1 AND eventType = 'decisioning.propositionInteract' THEN micros END)) div 60000000 AS minutes_since_propositionInteract,
  (max(pickMicros) - max(CASE WHEN isKnown = 1 AND eventType = 'decisioning.propositionDismiss' THEN micros END)) div 60000000 AS minutes_since_propositionDismiss,
  (max(pickMicros) - max(CASE WHEN isKnown = 1 AND eventType = 'web.webinteraction.linkClicks' THEN micros END)) div 60000000 AS minutes_since_linkClick,
  sum(isDrawn) AS random_row_number_for_user
FROM (
  SELECT
    userId, eventType, micros, pickType, pickTime, pickMicros, isSubscriber,
    CASE WHEN micros < pickMicros OR (micros = pickMicros AND _id <= pickId) THEN 1 ELSE 0 END AS isKnown,
    CASE WHEN lot < pickLot
      OR (lot = pickLot AND micros < pickMicros)
      OR (lot = pickLot AND micros = pickMicros AND _id <= pickId)
    THEN 1 ELSE 0 END AS isDrawn
  FROM (
    SELECT
      userId, _id, eventType, micros, lot,
      max(isTarget) OVER (PARTITION BY userId) AS isSubscriber,
      first_value(eventType) OVER (
        PARTITION BY userId
        ORDER BY isTarget DESC, CASE WHEN isTarget = 1 THEN '' ELSE lot END, micros, _id, eventType
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS pickType,
      first_value(timestamp) OVER (
        PARTITION BY userId
        ORDER BY isTarget DESC, CASE WHEN isTarget = 1 THEN '' ELSE lot END, micros, _id, eventType
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS pickTime,
      first_value(micros) OVER (
        PARTITION BY userId
        ORDER BY isTarget DESC, CASE WHEN isTarget = 1 THEN '' ELSE lot END, micros, _id, eventType
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS pickMicros,
      first_value(_id) OVER (
        PARTITION BY userId
        ORDER BY isTarget DESC, CASE WHEN isTarget = 1 THEN '' ELSE lot END, micros, _id, eventType
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS pickId,
      first_value(lot) OVER (
        PARTITION BY userId
        ORDER BY isTarget DESC, CASE WHEN isTarget = 1 THEN '' ELSE lot END, micros, _id, eventType
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS pickLot
    FROM (
      SELECT
        _acme.cmle_id AS userId, _id, eventType, timestamp,
        unix_micros(timestamp) AS micros,
        CASE WHEN eventType = 'web.formFilledOut' THEN 1 ELSE 0 END AS isTarget,
        md5(concat('1', _acme.cmle_id, _id)) AS lot
      FROM cmle_events
      WHERE _acp_system_metadata.acp_sourceBatchId IN ('01HA', '01HB')
        AND _acme.cmle_id IS NOT NULL
    ) AS event
  ) AS chosen
) AS history
GROUP BY userId
ORDER BY userId
