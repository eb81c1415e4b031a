-- Money given back: the customer owes it again, the clearing account has less.
-- name: entries
SELECT account, CASE type WHEN 'returned' THEN :party END AS party, memo,
	CASE type WHEN 'paid' THEN - amount ELSE amount END AS amount
FROM line
