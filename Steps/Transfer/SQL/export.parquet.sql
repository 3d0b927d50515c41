-- Writes one part as Parquet. Variables: part, file, compression.
COPY (FROM read_parquet(getvariable('part'))) TO (getvariable('file'))
  (FORMAT parquet, COMPRESSION (getvariable('compression')), ROW_GROUP_SIZE 122880);
