-- How many rows each category has, and what their amounts add up to.
COPY (
  SELECT category, count(*) AS entries, sum(amount) AS total
  FROM read_csv(
    getvariable('rows'), auto_detect = false, header = true, delim = ',', quote = '"',
    columns = {'category': 'VARCHAR', 'amount': 'BIGINT'})
  WHERE amount >= getvariable('minimum')
  GROUP BY category
  ORDER BY category
) TO (getvariable('totals')) (FORMAT csv, HEADER true);
