-- Of a period that is not open any more, carried into a later one.
-- name: holds
SELECT 'its own period is closed' AS why, 'period.late' AS condition
WHERE :limit IS NULL OR :base_total > :limit
