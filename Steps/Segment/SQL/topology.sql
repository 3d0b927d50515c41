-- How many users each interval [from, to] holds, for all pairs of hundredths. Variable: topology.
-- Two counts for each border give every pair, so users are counted twice and not 5151 times.
COPY (
  WITH border AS (
    SELECT
      border,
      sum(coalesce(atCeiling, 0)) OVER (ORDER BY border) AS upTo,
      sum(coalesce(atFloor, 0)) OVER (ORDER BY border) - coalesce(atFloor, 0) AS below
    FROM range(101) AS grid(border)
      LEFT JOIN (
        SELECT ceil(prediction * 100)::BIGINT AS border, count(*) AS atCeiling
        FROM score GROUP BY ALL
      ) USING (border)
      LEFT JOIN (
        SELECT floor(prediction * 100)::BIGINT AS border, count(*) AS atFloor
        FROM score GROUP BY ALL
      ) USING (border)
  )
  SELECT
    (low.border * 0.01)::DECIMAL(3, 2) AS "from",
    (high.border * 0.01)::DECIMAL(3, 2) AS "to",
    (high.upTo - low.below)::BIGINT AS reach
  FROM border AS low JOIN border AS high ON low.border <= high.border
  ORDER BY low.border, high.border
) TO (getvariable('topology')) (FORMAT csv, HEADER);
