-- Between two companies of the group.
-- name: holds
SELECT 'between companies of the group' AS why
WHERE (:channel = 'intercompany' OR known('entity', :party) IS NOT NULL)
	AND (:limit IS NULL OR :base_total > :limit)
