-- Far beyond what this party, or else this kind of document, had so far.
-- name: holds
SELECT 'far beyond what was usual' AS why, 'amount.unusual' AS condition
WHERE :limit IS NULL OR :base_total > :limit
