-- The users of [from, to], both included.
-- Variables: lowest and highest (hundredths), members.
COPY (
  SELECT DISTINCT userId
  FROM score
  WHERE prediction * 100 BETWEEN getvariable('lowest') AND getvariable('highest')
  ORDER BY userId
) TO (getvariable('members')) (FORMAT csv, HEADER);
