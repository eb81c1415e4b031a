-- Money received, net of the gateway's fee and the tax on it, against what the
-- customer owed.
-- name: entries
SELECT account, CASE type WHEN 'allocated' THEN :party END AS party,
	cost_centre, tax_code, memo,
	CASE type WHEN 'allocated' THEN - amount ELSE amount END AS amount
FROM line
