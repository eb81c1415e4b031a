-- A payout of a gateway or an acquirer: the bank gets the net, fees and the tax
-- on them are cost, and the clearing account gives up what was gathered there,
-- gross and less what went back to customers. An adjustment is signed as a
-- journal is: debit positive.
-- name: entries
SELECT account, party, cost_centre, tax_code, memo,
	CASE type WHEN 'clearing' THEN - amount ELSE amount END AS amount
FROM line
