-- Invented abalones. Every draw follows from the seed, a name and a number; lengths are whole thousandths
-- and weights whole ten-thousandths until they are written.

CREATE MACRO draw(name, number, count) AS
  (md5_number_lower(concat_ws(' ', getvariable('seed'), name, number)) % count)::BIGINT;

-- Rings come first; an old one now and then has many more.
CREATE TEMP TABLE aged AS
SELECT
  record_id,
  1 + draw('ring 1', record_id, 7) + draw('ring 2', record_id, 7) + draw('ring 3', record_id, 7)
    + CASE WHEN draw('old', record_id, 40) = 0 THEN draw('older', record_id, 10) ELSE 0 END AS rings
FROM range(0, getvariable('rows')) t(record_id);

-- The young are mostly infants.
CREATE TEMP TABLE sexed AS
SELECT
  *,
  CASE
    WHEN draw('infant', record_id, 100)
      < CASE WHEN rings <= 5 THEN 95 WHEN rings <= 8 THEN 55 WHEN rings <= 10 THEN 22 ELSE 8 END
      THEN 'I'
    WHEN draw('sex', record_id, 100) < 54 THEN 'M'
    ELSE 'F'
  END AS sex
FROM aged;

-- Growth slows down with age; it differs much, and infants are smaller than others as old.
CREATE TEMP TABLE grown AS
SELECT
  *,
  5 * (850 * rings * (
      68 + draw('growth 1', record_id, 33) + draw('growth 2', record_id, 33)
      - CASE sex WHEN 'I' THEN 8 ELSE 0 END) // (500 * rings + 2750)) AS length
FROM sexed;

-- A weight grows with the cube of the length; the shell's share grows with age, the meat's shrinks.
CREATE TEMP TABLE weighed AS
SELECT
  *,
  5 * (length * (74 + draw('diameter', record_id, 8)) // 500) AS diameter,
  5 * (length * (22 + draw('height', record_id, 10)) // 500) AS height,
  length * length * length * (480 + draw('whole', record_id, 161)) // 10000000 AS whole
FROM grown;

CREATE TEMP TABLE abalones AS
SELECT
  record_id,
  sex,
  (length / 1000)::DECIMAL(6, 3) AS length,
  (diameter / 1000)::DECIMAL(6, 3) AS diameter,
  (height / 1000)::DECIMAL(6, 3) AS height,
  (whole / 10000)::DECIMAL(8, 4) AS whole_weight,
  (whole * (44 - rings // 2 + draw('shucked', record_id, 9)) // 100 / 10000)::DECIMAL(8, 4)
    AS shucked_weight,
  (whole * (16 + draw('viscera', record_id, 8)) // 100 / 10000)::DECIMAL(8, 4) AS viscera_weight,
  (whole * (18 + rings // 2 + draw('shell', record_id, 13)) // 100 / 10000)::DECIMAL(8, 4)
    AS shell_weight,
  rings
FROM weighed;
