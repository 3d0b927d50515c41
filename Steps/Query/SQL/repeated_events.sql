-- Events whose _id came before, by (batch, line); variables: events, lines, repeated; table: batches.
-- Hashes first: they are small, and two events with one hash are rare.
CREATE TEMP TABLE suspects AS
SELECT hash(_id) AS suspect FROM read_parquet(getvariable('events'))
GROUP BY suspect HAVING count(*) > 1;

CREATE TEMP TABLE copies AS
SELECT batch, line, _id, row_number() OVER (PARTITION BY _id ORDER BY batch, line) AS place
FROM (
  SELECT _id, filename AS events, file_row_number AS place
  FROM read_parquet(getvariable('events'), filename = true, file_row_number = true)
  WHERE (SELECT count(*) FROM suspects) > 0 AND hash(_id) IN (FROM suspects)
)
JOIN batches USING (events)
JOIN (
  SELECT filename AS lines, file_row_number AS place, line
  FROM read_parquet(getvariable('lines'), filename = true, file_row_number = true)
  WHERE (SELECT count(*) FROM suspects) > 0
) USING (lines, place)
QUALIFY count(*) OVER (PARTITION BY _id) > 1;

COPY (SELECT batch, _id FROM copies WHERE place > 1 ORDER BY batch, _id)
TO (getvariable('repeated')) (FORMAT parquet, COMPRESSION zstd);

SELECT
  (SELECT count(*) FROM read_parquet(getvariable('events'))) AS rows,
  (SELECT count(*) FROM copies WHERE place > 1) AS count,
  first.batch AS firstBatch, first.line AS firstLine, first._id[:60] AS _id,
  second.batch AS secondBatch, second.line AS secondLine
FROM (SELECT 1) LEFT JOIN (
  FROM copies WHERE place = 2 ORDER BY batch, line LIMIT 1) second ON true
LEFT JOIN copies first ON first._id = second._id AND first.place = 1;
