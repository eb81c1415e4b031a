-- A document of more than the limit.
-- name: holds
SELECT 'more than the limit' AS why WHERE :base_total > :limit
