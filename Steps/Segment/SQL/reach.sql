-- How many users each bucket and all above it, or all below it, hold. Variable: curve.
COPY (
  SELECT
    (bucket * 0.05)::DECIMAL(3, 2) AS propensityBucket,
    sum(reach) OVER (ORDER BY bucket DESC)::BIGINT AS reachAbove,
    sum(reach) OVER (ORDER BY bucket)::BIGINT AS reachBelow
  FROM (
    SELECT bucket, count(userId) AS reach
    FROM range(20) AS border(bucket)
      LEFT JOIN (SELECT userId, least(floor(prediction * 20)::BIGINT, 19) AS bucket FROM score)
        USING (bucket)
    GROUP BY bucket
  )
  ORDER BY bucket
) TO (getvariable('curve')) (FORMAT csv, HEADER);
