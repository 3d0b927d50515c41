-- JSON lines as documents: null for a line that holds no JSON object; blank lines are passed over.
-- A byte 1 can't stand in JSON, so as a delimiter it never splits a line.
CREATE TEMP VIEW documents AS
SELECT
  row_number,
  CASE WHEN json_valid(line) AND json_type(line) = 'OBJECT' THEN line::JSON END AS document,
  line AS text
FROM (
  SELECT row_number() OVER () AS row_number, line
  FROM read_csv(
    getvariable('file'), header = false, auto_detect = false, delim = '\x01', quote = '',
    escape = '', strict_mode = false, max_line_size = 16777216, columns = {'line': 'VARCHAR'})
)
WHERE trim(line) <> '';
