-- In a period that is soft-closed.
-- name: holds
SELECT 'its period is soft-closed' AS why, 'period.late' AS condition
WHERE :limit IS NULL OR :base_total > :limit
