-- The rule with the reach that the topology tells for [from, to], and how many have subscribed already.
-- Variables: members, topology, subscribers, lowest and highest (hundredths), rule, segment.
-- Prints the number of members, the reach, and how many have subscribed.
CREATE TEMP TABLE member AS
FROM read_csv(
  getvariable('members'), auto_detect = false, header = true, delim = ',', quote = '"',
  escape = '"', columns = {'userId': 'VARCHAR'});

CREATE TEMP TABLE known AS
SELECT count(*) AS subscribed
FROM member SEMI JOIN read_csv(
  getvariable('subscribers'), auto_detect = false, header = true, delim = ',', quote = '"',
  escape = '"', columns = {'userId': 'VARCHAR'}) AS subscriber USING (userId);

CREATE TEMP TABLE interval_reach AS
SELECT reach
FROM read_csv(
  getvariable('topology'), auto_detect = false, header = true, delim = ',',
  columns = {'from': 'DECIMAL(3, 2)', 'to': 'DECIMAL(3, 2)', 'reach': 'BIGINT'})
WHERE "from" * 100 = getvariable('lowest') AND "to" * 100 = getvariable('highest');

COPY (SELECT getvariable('rule') AS rule, reach, subscribed FROM interval_reach, known)
  TO (getvariable('segment')) (FORMAT csv, HEADER);

SELECT
  (SELECT count(*) FROM member) AS members,
  (SELECT reach FROM interval_reach) AS reach,
  (SELECT subscribed FROM known) AS subscribed;
