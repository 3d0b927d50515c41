SELECT
  eventType,
  round(
    (users * xy - x * y)::DOUBLE / nullif(
      sqrt((users * xx - x * x)::DOUBLE * (users * yy - y * y)::DOUBLE), 0),
    12) AS pearsonCorrelation
FROM answer
ORDER BY eventType
