-- The sample is a prefix of one seeded order, the training rows a prefix of the sample.
-- Within each part rows lie by their features, which says nothing new to a model, but lets a
-- prediction take a third less time: rows that follow each other take the same way in a tree.
COPY (
  SELECT CAST(subscriptionOccurred AS INTEGER),
    ranked.* EXCLUDE (userId, subscriptionOccurred, place)
  FROM (
    SELECT export.*,
      row_number() OVER (ORDER BY md5(getvariable('seed')::VARCHAR || userId), userId) AS place
    FROM export
  ) AS ranked
  WHERE place <= getvariable('training') + getvariable('held_out')
  ORDER BY place > getvariable('training'),
    minutes_since_linkClick, minutes_since_propositionDismiss, minutes_since_propositionInteract,
    minutes_since_productView, minutes_since_emailClick, minutes_since_emailOpened,
    minutes_since_emailSent, place
) TO 'scratch/sample.csv' (FORMAT csv, HEADER false);
