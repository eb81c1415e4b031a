-- What a supplier or an employee billed: cost and input tax are debited; what
-- is owed is credited, less the tax withheld at source, unless it was settled
-- at once. Tax under reverse charge is our own debt, not the supplier's.
-- name: entries
SELECT lookup('account', '@payable') AS account, :party AS party,
	NULL AS cost_centre, NULL AS tax_code, NULL AS item, NULL AS location,
	NULL AS memo,
	coalesce((SELECT sum(amount) FROM line WHERE type = 'withheld'), 0)
		- :total AS amount
WHERE NOT EXISTS (SELECT 1 FROM line WHERE type = 'settled')
UNION ALL
SELECT account, CASE WHEN type IN ('settled', 'withheld')
		THEN coalesce(party, :party) END,
	cost_centre, tax_code, item, location, memo,
	CASE WHEN type IN ('settled', 'withheld', 'discount', 'reverse_charge')
		THEN - amount ELSE amount END
FROM line
