-- Writes one part as CSV. Variables: part, file, compression.
COPY (FROM read_parquet(getvariable('part'))) TO (getvariable('file'))
  (FORMAT csv, HEADER, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '',
   COMPRESSION (getvariable('compression')));
