-- The members of [from, to] and the reach that the topology tells for it.
-- Variables: topology, from and to (hundredths), rule, members, segment. Prints members, reach.
CREATE TEMP TABLE member AS
SELECT DISTINCT userId
FROM score
WHERE prediction * 100 BETWEEN getvariable('from') AND getvariable('to');

CREATE TEMP TABLE interval_reach AS
SELECT reach
FROM read_csv(
  getvariable('topology'), auto_detect = false, header = true, delim = ',',
  columns = {'from': 'DECIMAL(3, 2)', 'to': 'DECIMAL(3, 2)', 'reach': 'BIGINT'})
WHERE "from" * 100 = getvariable('from') AND "to" * 100 = getvariable('to');

COPY (FROM member ORDER BY userId) TO (getvariable('members')) (FORMAT csv, HEADER);
COPY (SELECT getvariable('rule') AS rule, reach FROM interval_reach)
  TO (getvariable('segment')) (FORMAT csv, HEADER);

SELECT (SELECT count(*) FROM member) AS members, (SELECT reach FROM interval_reach) AS reach;
