-- The first document of its kind of a customer or supplier.
-- name: holds
SELECT 'the first of this party' AS why, 'party.first' AS condition
WHERE :party IS NOT NULL AND (:limit IS NULL OR :base_total > :limit)
