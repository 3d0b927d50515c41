-- Makes the profiles of simulated users, ordered by user number.
-- Every "random" value is a hash of (seed, user), never random().

-- Takes the element of a list that the draw's bits from `shift` on choose.
CREATE MACRO pick(choices, draw, shift) AS
  choices[((draw >> shift) % len(choices)::UBIGINT)::INTEGER + 1];

CREATE TEMP TABLE users AS
SELECT
  *,
  md5_number_lower(concat_ws(':', 'person', getvariable('seed'), user_number)) AS person_draw,
  md5_number_lower(concat_ws(':', 'home', getvariable('seed'), user_number)) AS home_draw,
  md5_number_lower(concat_ws(':', 'loyalty', getvariable('seed'), user_number)) AS loyalty_draw,
  pick(['female', 'male', 'not_specified'], person_draw, 0) AS gender,
  (loyalty_draw % 1000001)::INTEGER AS points,
  pick(
    [['Austin', 'TX', '787'], ['Boston', 'MA', '021'], ['Chicago', 'IL', '606'],
      ['Denver', 'CO', '802'], ['Miami', 'FL', '331'], ['Phoenix', 'AZ', '850'],
      ['Portland', 'OR', '972'], ['San Jose', 'CA', '951'], ['Seattle', 'WA', '981']],
    home_draw, 0) AS city
FROM read_csv(
  getvariable('users'), header = false, auto_detect = false, delim = ',',
  columns = {'user_number': 'BIGINT', 'ecid': 'VARCHAR', 'email': 'VARCHAR'});

COPY (
  SELECT
    ecid AS personID,
    {
      'name': {
        'firstName': CASE gender
          WHEN 'female' THEN pick(
            ['Ada', 'Barbara', 'Chiara', 'Dorothy', 'Emmy', 'Frances', 'Grace', 'Hedy', 'Ines',
              'Joan', 'Katherine', 'Lise', 'Mary', 'Noor', 'Olga', 'Radia'], person_draw, 8)
          WHEN 'male' THEN pick(
            ['Alan', 'Bruno', 'Claude', 'Dennis', 'Edsger', 'Felix', 'George', 'Hugo', 'Ivan',
              'John', 'Kenneth', 'Leslie', 'Marvin', 'Niklaus', 'Omar', 'Robin'], person_draw, 8)
          ELSE pick(
            ['Alex', 'Casey', 'Devon', 'Jordan', 'Kim', 'Morgan', 'Quinn', 'Riley'],
            person_draw, 8)
        END,
        'lastName': pick(
          ['Abbott', 'Baker', 'Castillo', 'Dubois', 'Eriksen', 'Fischer', 'Garcia', 'Hughes',
            'Ito', 'Jensen', 'Kowalski', 'Lopez', 'Murphy', 'Nguyen', 'Okafor', 'Patel', 'Rossi',
            'Silva', 'Tanaka', 'Weber', 'Young', 'Zhang'], person_draw, 20)
      },
      'gender': gender
    } AS person,
    {'address': email} AS personalEmail,
    -- Numbers from 555-0100 to 555-0199 belong to nobody.
    {
      'number': format(
        '+1-{}-555-01{:02d}', 200 + ((home_draw >> 8) % 800)::INTEGER,
        ((home_draw >> 20) % 100)::INTEGER)
    } AS mobilePhone,
    {
      'street1': format(
        '{} {} {}', 1 + ((home_draw >> 30) % 9999)::INTEGER,
        pick(
          ['Cedar', 'Elm', 'Hill', 'Lake', 'Maple', 'Oak', 'Park', 'Pine', 'River', 'Spring'],
          home_draw, 44),
        pick(['Avenue', 'Lane', 'Road', 'Street'], home_draw, 50)),
      'city': city[1],
      'state': city[2],
      'postalCode': city[3] || format('{:02d}', ((home_draw >> 54) % 100)::INTEGER)
    } AS homeAddress,
    {
      'loyaltyID': [100000000 + user_number],
      'tier': pick(['diamond', 'gold', 'member', 'platinum', 'silver'], loyalty_draw, 24),
      'points': points,
      -- Five years from 2018 on, before any reference date of interest.
      'joinDate': TIMESTAMP '2018-01-01' + to_seconds(((loyalty_draw >> 32) % 157766400)::BIGINT)
    } AS loyalty
  FROM users
  ORDER BY user_number
) TO (getvariable('profiles')) (
  FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880);
