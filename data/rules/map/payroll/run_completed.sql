-- A payroll run as one summary entry: pay and the employer's contributions by
-- cost centre; what is owed to staff, the provident fund, ESI, the state
-- (professional tax) and the tax office (TDS). Nobody's own pay is here. When
-- gross less deductions is not the net pay, it does not balance.
-- name: header
SELECT 'payroll' AS kind,
	lookup('entity', need(d ->> '$.entity', 'data.entity'), 'data.entity')
		AS entity,
	need(d ->> '$.run_id', 'data.run_id') AS number,
	day(need(d ->> '$.posting_date', 'data.posting_date'),
		'data.posting_date') AS date,
	need(d ->> '$.currency', 'data.currency') AS currency,
	(SELECT coalesce(sum(
		coalesce(paise(value ->> '$.gross', d ->> '$.currency'), 0)
		+ coalesce(paise(value ->> '$.employer_pf', d ->> '$.currency'), 0)
		+ coalesce(paise(value ->> '$.employer_esi', d ->> '$.currency'),
		0)), 0) FROM json_each(d, '$.cost_centres')) AS total,
	'payroll' AS channel,
	d ->> '$.period' AS reference,
	'Salaries ' || (d ->> '$.period') AS memo
FROM (SELECT :body -> '$.data' AS d)

-- name: lines
WITH run AS MATERIALIZED (
	SELECT :body -> '$.data' AS d, :body ->> '$.data.currency' AS currency
),
cost(what, name, field) AS (
	VALUES ('gross', '@salaries', 'gross'),
	('employer', '@employer_pf', 'employer_pf'),
	('employer', '@employer_esi', 'employer_esi')
),
-- the employer's share is cost and is owed with the employee's
owed(name, own, field) AS (
	VALUES ('@salaries_payable', 'net_pay', 'none'),
	('@tds_salaries', 'tds', 'none'),
	('@pf_payable', 'employee_pf', 'employer_pf'),
	('@esi_payable', 'employee_esi', 'employer_esi'),
	('@pt_payable', 'professional_tax', 'none')
)
SELECT what AS type, lookup('account', name) AS account,
	lookup('cost_centre', need(value ->> '$.code', 'cost_centres.code'),
		'cost_centres.code') AS cost_centre,
	NULL AS memo,
	paise(value ->> ('$.' || field), currency, 'cost_centres.' || field)
		AS amount
FROM run, json_each(d, '$.cost_centres'), cost
WHERE value ->> ('$.' || field) IS NOT NULL
UNION ALL
SELECT 'payable', lookup('account', name), NULL, own,
	coalesce(paise(d ->> ('$.totals.' || own), currency, 'totals.' || own), 0)
	+ coalesce((SELECT sum(paise(value ->> ('$.' || field), currency,
			'cost_centres.' || field))
		FROM json_each(d, '$.cost_centres')), 0)
FROM run, owed
