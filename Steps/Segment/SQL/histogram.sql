-- How many users each bucket holds: [0, 0.05), [0.05, 0.1), ..., [0.95, 1]. Variable: histogram.
COPY (
  SELECT (bucket * 0.05)::DECIMAL(3, 2) AS propensityBucket, count(userId) AS reach
  FROM range(20) AS border(bucket)
    LEFT JOIN (SELECT userId, least(floor(prediction * 20)::BIGINT, 19) AS bucket FROM score)
      USING (bucket)
  GROUP BY bucket
  ORDER BY bucket
) TO (getvariable('histogram')) (FORMAT csv, HEADER);
