-- Customers of an invented telephone company. Every draw follows from the seed, a name and a number;
-- minutes are whole tenths until they are written.

CREATE MACRO draw(name, number, count) AS
  (md5_number_lower(concat_ws(' ', getvariable('seed'), name, number)) % count)::BIGINT;

-- Four dice of equal size give most values near the middle.
CREATE MACRO near(name, number, least, span) AS
  least + draw(name || ' 1', number, span) + draw(name || ' 2', number, span)
    + draw(name || ' 3', number, span) + draw(name || ' 4', number, span);

CREATE TEMP TABLE customers AS
SELECT
  row,
  near('account', row, 1, 50) AS account_length,
  draw('mail plan', row, 100) < 28 AS has_mail,
  CASE WHEN draw('mail plan', row, 100) < 28 THEN near('mail', row, 4, 13) ELSE 0 END AS messages,
  near('day', row, 0, 900) AS day_tenths,
  near('day calls', row, 40, 31) AS day_calls,
  near('evening', row, 200, 900) AS evening_tenths,
  near('evening calls', row, 40, 31) AS evening_calls,
  near('night', row, 200, 900) AS night_tenths,
  near('night calls', row, 40, 31) AS night_calls,
  near('abroad', row, 0, 51) AS abroad_tenths,
  near('abroad calls', row, 0, 5) AS abroad_calls,
  [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5, 6][1 + draw('service', row, 20)]
    AS service_calls,
  draw('state', row, 51) AS state,
  [0, 1, 1, 2][1 + draw('area', row, 4)] AS area,
  draw('abroad plan', row, 10) = 0 AS has_abroad
FROM range(1, getvariable('rows') + 1) t(row);

-- Why a customer leaves, the strongest reason first; 0 for one who stays. One in fifty does the
-- opposite of what could be expected.
CREATE TEMP TABLE reasons AS
SELECT
  row,
  CASE
    WHEN day_tenths + evening_tenths // 4 > 3000 AND NOT has_mail THEN 1
    WHEN service_calls >= 4 AND day_tenths < 2400 THEN 2
    WHEN has_abroad AND (abroad_calls < 8 OR abroad_tenths > 130) THEN 3
    ELSE 0
  END AS reason,
  draw('odd', row, 50) = 0 AS is_odd
FROM customers;

COPY (
  SELECT array_to_string(
    [
      least(
        CASE WHEN is_odd THEN CASE WHEN reason = 0 THEN 1 ELSE 0 END ELSE reason END,
        getvariable('classes') - 1)::VARCHAR,
      account_length::VARCHAR, messages::VARCHAR,
      (day_tenths / 10)::DECIMAL(6, 1)::VARCHAR, day_calls::VARCHAR,
      (evening_tenths / 10)::DECIMAL(6, 1)::VARCHAR, evening_calls::VARCHAR,
      (night_tenths / 10)::DECIMAL(6, 1)::VARCHAR, night_calls::VARCHAR,
      (abroad_tenths / 10)::DECIMAL(6, 1)::VARCHAR, abroad_calls::VARCHAR,
      service_calls::VARCHAR
    ]
    || [CASE WHEN place = state THEN '1' ELSE '0' END FOR place IN range(51)]
    || [CASE WHEN place = area THEN '1' ELSE '0' END FOR place IN range(3)]
    || CASE WHEN has_abroad THEN ['0', '1'] ELSE ['1', '0'] END
    || CASE WHEN has_mail THEN ['0', '1'] ELSE ['1', '0'] END, ',') AS line
  FROM customers JOIN reasons USING (row)
  ORDER BY row
) TO (getvariable('customers')) (
  FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01');
