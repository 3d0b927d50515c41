-- Every user with the features first, then whether they have subscribed, so that what follows the last
-- number is the user's own field.
COPY (
  SELECT export.* EXCLUDE (userId, subscriptionOccurred), subscriptionOccurred::INTEGER, userId
  FROM export
  ORDER BY userId
) TO 'scratch/users.csv' (FORMAT csv, HEADER false);
