-- The mirror of an advance: it pays what the customer owes, or is given back,
-- and the tax on it is due no more; that of the invoice is.
-- name: entries
SELECT account, CASE WHEN type IN ('advance', 'allocated') THEN :party END
		AS party,
	cost_centre, tax_code, memo,
	CASE type WHEN 'allocated' THEN - amount ELSE amount END AS amount
FROM line
