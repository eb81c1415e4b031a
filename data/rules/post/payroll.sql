-- A payroll run: pay and the employer's own contributions are cost, all that
-- is owed to staff, funds and the tax office is credited.
-- name: entries
SELECT account, CASE type WHEN 'payable' THEN party END AS party, cost_centre,
	memo, CASE type WHEN 'payable' THEN - amount ELSE amount END AS amount
FROM line
