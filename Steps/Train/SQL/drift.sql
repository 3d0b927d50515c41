-- The population stability index of each column in each part of the export, against all other parts.
-- Values fall into tenths of the whole, nulls into one more; a share of nothing counts as 0.0001.
-- A template: double braces hold the columns. Variables: scores, threshold, drift.
CREATE TEMP TABLE wide AS
SELECT part, {{columns}}
FROM (SELECT * REPLACE (subscriptionOccurred::BIGINT AS subscriptionOccurred) FROM export)
  JOIN part USING (userId)
  LEFT JOIN read_csv(
    getvariable('scores'), auto_detect = false, header = true, delim = ',', quote = '"',
    escape = '"', columns = {'userId': 'VARCHAR', 'prediction': 'DOUBLE'}) USING (userId);

CREATE TEMP TABLE long AS
SELECT part, name, value
FROM (SELECT part, COLUMNS(* EXCLUDE (part))::DOUBLE FROM wide)
  UNPIVOT INCLUDE NULLS (value FOR name IN ({{columns}}));

COPY (
  WITH border AS (
    SELECT name, quantile_disc(value, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) AS borders
    FROM long GROUP BY name
  ),
  counted AS (
    SELECT name, part,
      CASE WHEN value IS NULL THEN -1
        ELSE len(list_filter(list_distinct(borders), lambda b: b < value)) END AS bin,
      count(*) AS rows
    FROM long JOIN border USING (name)
    GROUP BY ALL
  ),
  bin AS (SELECT name, bin, sum(rows) AS rows FROM counted GROUP BY ALL),
  part AS (SELECT name, part, sum(rows) AS rows FROM counted GROUP BY ALL),
  whole AS (SELECT name, sum(rows) AS rows FROM counted GROUP BY name),
  share AS (
    SELECT name, part.part,
      greatest(coalesce(counted.rows, 0) / part.rows, 0.0001) AS own,
      greatest(
        (bin.rows - coalesce(counted.rows, 0)) / (whole.rows - part.rows), 0.0001) AS others
    FROM part JOIN bin USING (name) JOIN whole USING (name)
      LEFT JOIN counted
        ON counted.name = bin.name AND counted.bin = bin.bin AND counted.part = part.part
    WHERE whole.rows > part.rows
  ),
  index AS (
    SELECT name, part, round(sum((own - others) * ln(own / others)), 6) AS psi
    FROM share GROUP BY ALL
  )
  SELECT part, name AS column, psi, psi > getvariable('threshold') AS flagged
  FROM index
  ORDER BY part, list_position({{names}}, name)
) TO (getvariable('drift')) (FORMAT csv, HEADER);
