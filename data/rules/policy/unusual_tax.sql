-- GST far outside what this party, or one of this item, had so far.
-- name: holds
SELECT 'GST far outside what was usual' AS why, 'tax.unusual' AS condition
WHERE EXISTS (SELECT 1 FROM line WHERE type IN ('tax', 'reverse_charge'))
	AND (:limit IS NULL OR :base_total > :limit)
