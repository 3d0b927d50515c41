SELECT eventType, distinctUsers, distinctEvents FROM answer
ORDER BY distinctUsers DESC, eventType
