-- Money received before the invoice: what of it is the customer's still is owed
-- to him, and its tax to the state.
-- name: entries
SELECT account, CASE type WHEN 'advance' THEN :party END AS party,
	cost_centre, tax_code, memo,
	CASE type WHEN 'received' THEN amount ELSE - amount END AS amount
FROM line
