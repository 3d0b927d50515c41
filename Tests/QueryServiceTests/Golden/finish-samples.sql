SELECT _id, eventType, timestamp, producedBy, userId, directMarketing, web FROM answer ORDER BY _id
