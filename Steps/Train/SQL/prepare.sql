-- The sample, first the training rows and then the held-out ones: a prefix of one seeded order.
COPY (
  SELECT CAST(subscriptionOccurred AS INTEGER),
    export.* EXCLUDE (userId, subscriptionOccurred)
  FROM export
  ORDER BY md5(getvariable('seed')::VARCHAR || userId), userId
  LIMIT getvariable('rows')
) TO 'scratch/sample.csv' (FORMAT csv, HEADER false);
