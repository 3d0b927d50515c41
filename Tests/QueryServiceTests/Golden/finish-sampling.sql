SELECT sampleRows, round(sampleRows * 100 / 5)::BIGINT AS estimate, actual
FROM answer
