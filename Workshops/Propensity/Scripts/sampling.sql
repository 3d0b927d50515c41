-- A sample of some percent by a seeded hash, and the number of rows that it makes one expect.
-- A row is in the sample when the first 32 bits of its hash lie below the bound.
SET VARIABLE bound = format('{:08x}', (getvariable('percent')::BIGINT << 32) // 100);

SELECT
  count(*) FILTER (md5(getvariable('seed') || ':' || _id) < getvariable('bound')) AS sampleRows,
  round(sampleRows * 100 / getvariable('percent'))::BIGINT AS estimate,
  count(*) AS actual
FROM events;
