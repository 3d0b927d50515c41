-- The scores as exact decimals, for the statements that follow. Variable: scores.
-- A score that is no decimal from 0 to 1 ends the script: rounding it could move it over a border.
-- What follows the 24th place of a 32-bit float could do so for the border 0 alone.
CREATE TEMP TABLE score AS
SELECT
  userId,
  CASE
    WHEN regexp_full_match(prediction, '0(\.[0-9]{1,50})?|1(\.0{1,50})?')
      THEN prediction[:26]::DECIMAL(25, 24)
    ELSE error(
      'the score of user ' || coalesce(userId, '(none)') || ' is '
        || coalesce(prediction, '(none)')
        || '; expected a decimal from 0 to 1 with at most 50 places')
  END AS prediction
FROM read_csv(
  getvariable('scores'), auto_detect = false, header = true, delim = ',', quote = '"',
  escape = '"', columns = {'userId': 'VARCHAR', 'prediction': 'VARCHAR'});
