-- The mirror of a purchase invoice: what went back to the supplier, or was
-- billed too dearly, and its input tax are credited.
-- name: entries
SELECT lookup('account', '@payable') AS account, :party AS party,
	NULL AS cost_centre, NULL AS tax_code, NULL AS item, NULL AS location,
	NULL AS memo, :total AS amount
UNION ALL
SELECT account, NULL, cost_centre, tax_code, item, location, memo, - amount
FROM line
