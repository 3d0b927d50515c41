-- Parquet events as JSON documents, with the structs of the file.
CREATE TEMP VIEW documents AS
SELECT row_number() OVER () AS row_number, to_json(e) AS document, NULL::VARCHAR AS text
FROM read_parquet(getvariable('file'), binary_as_string = true) e;
