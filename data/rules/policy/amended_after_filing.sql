-- Changes a document of a period whose return was filed or is being made.
-- name: holds
SELECT 'it amends what was filed' AS why, 'amended.filed' AS condition
WHERE :limit IS NULL OR :base_total > :limit
