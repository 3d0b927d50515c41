-- CSV rows as JSON documents whose names are the dotted names of the header.
-- A JSON object of names and types is its own structure, which makes it a struct.
SET VARIABLE columns = from_json(getvariable('columns_json'), getvariable('columns_json'));

CREATE TEMP VIEW documents AS
SELECT row_number() OVER () AS row_number, to_json(e) AS document, NULL::VARCHAR AS text
FROM read_csv(
  getvariable('file'), header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
  max_line_size = 16777216, columns = getvariable('columns')) e;
