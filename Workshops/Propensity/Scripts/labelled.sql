-- The score of each user beside what happened.
SELECT userId, prediction, subscriptionOccurred::INTEGER AS label
FROM scores JOIN features USING (userId);
