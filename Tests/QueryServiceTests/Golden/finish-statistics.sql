SELECT "rows", users FROM answer
