-- Every user with the features first, so that what follows the last number is the user's own field.
COPY (
  SELECT export.* EXCLUDE (userId, subscriptionOccurred), userId
  FROM export
  ORDER BY userId
) TO 'scratch/users.csv' (FORMAT csv, HEADER false);
