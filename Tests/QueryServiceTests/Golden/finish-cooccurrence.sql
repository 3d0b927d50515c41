SELECT
  eventTypeFirst, eventTypeLater, distinctUsers,
  round(distinctUsers / firstUsers, 12) AS probability
FROM answer
ORDER BY eventTypeFirst, eventTypeLater
