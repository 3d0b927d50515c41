-- The last statement is the output. Inputs that the wiring gives are views by their names:
-- FROM events; parameters are read by getvariable('name').
SELECT range AS day, range * 2 AS n FROM range(3);
