-- Writes one part as JSON, one object a line. Variables: part, file, compression.
COPY (FROM read_parquet(getvariable('part'))) TO (getvariable('file'))
  (FORMAT json, COMPRESSION (getvariable('compression')));
