-- The rule with the reach that the topology tells for [from, to].
-- Variables: members, topology, lowest and highest (hundredths), rule, segment.
-- Prints the number of members and the reach.
CREATE TEMP TABLE interval_reach AS
SELECT reach
FROM read_csv(
  getvariable('topology'), auto_detect = false, header = true, delim = ',',
  columns = {'from': 'DECIMAL(3, 2)', 'to': 'DECIMAL(3, 2)', 'reach': 'BIGINT'})
WHERE "from" * 100 = getvariable('lowest') AND "to" * 100 = getvariable('highest');

COPY (SELECT getvariable('rule') AS rule, reach FROM interval_reach)
  TO (getvariable('segment')) (FORMAT csv, HEADER);

SELECT
  (SELECT count(*) FROM read_csv(
    getvariable('members'), auto_detect = false, header = true, delim = ',',
    columns = {'userId': 'VARCHAR'})) AS members,
  (SELECT reach FROM interval_reach) AS reach;
