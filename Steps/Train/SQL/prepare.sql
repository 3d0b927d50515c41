-- The sample is a prefix of one seeded order: the training rows, then the validation rows, of which the
-- first are the probe rows. All other users are the test rows.
-- Within each part rows lie by their features, which says nothing new to a model, but lets a
-- prediction take a third less time: rows that follow each other take the same way in a tree.
-- A template: double braces hold the features, the last one first.
COPY (
  SELECT CAST(subscriptionOccurred AS INTEGER),
    ranked.* EXCLUDE (userId, subscriptionOccurred, place)
  FROM (
    SELECT export.*,
      row_number() OVER (ORDER BY md5(getvariable('seed')::VARCHAR || userId), userId) AS place
    FROM export
  ) AS ranked
  ORDER BY place > getvariable('training'), place > getvariable('probe'), place > getvariable('sample'),
    {{features}}, place
) TO 'scratch/sample.csv' (FORMAT csv, HEADER false);
