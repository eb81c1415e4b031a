-- Entered by hand.
-- name: holds
SELECT 'entered by hand' AS why
WHERE (:source = 'desk' OR :source GLOB 'desk-*')
	AND (:limit IS NULL OR :base_total > :limit)
