-- schema: payroll_run
-- A month's pay. Funds get the shares of employer and staff together.
-- name: header
SELECT 'payroll' AS kind,
	lookup('entity', coalesce(d ->> '$.entity', '@default'), 'data.entity')
		AS entity,
	need(d ->> '$.number', 'data.number') AS number,
	day(need(d ->> '$.date', 'data.date'), 'data.date') AS date,
	need(d ->> '$.currency', 'data.currency') AS currency,
	(SELECT sum(paise(value ->> '$.amount', d ->> '$.currency',
			'data.earnings.amount')) FROM json_each(d,
				'$.earnings')) AS total,
	d ->> '$.period' AS channel,
	d ->> '$.reference' AS reference,
	d ->> '$.memo' AS memo,
	d ->> '$.revision' AS revision,
	minor(d ->> '$.base_version', 'data.base_version') AS base_version
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)

-- name: lines
WITH run AS MATERIALIZED (
	SELECT d,
		coalesce(paise(d ->> '$.employer.pf', d ->> '$.currency',
			'data.employer.pf'), 0)
			AS employer_pf,
		coalesce(paise(d ->> '$.employer.esi', d ->> '$.currency',
			'data.employer.esi'), 0)
			AS employer_esi,
		coalesce(paise(d ->> '$.deductions.tds', d ->> '$.currency',
			'data.deductions.tds'), 0) AS tds,
		coalesce(paise(d ->> '$.deductions.pf', d ->> '$.currency',
			'data.deductions.pf'), 0) AS pf,
		coalesce(paise(d ->> '$.deductions.esi', d ->> '$.currency',
			'data.deductions.esi'), 0) AS esi,
		coalesce(paise(d ->> '$.deductions.pt', d ->> '$.currency',
			'data.deductions.pt'), 0) AS pt,
		paise(need(d ->> '$.net', 'data.net'), d ->> '$.currency',
			'data.net') AS net
	FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)
)
SELECT 'gross' AS type, lookup('account', coalesce(value ->> '$.account',
	'@salaries'),
		'data.earnings.account') AS account,
	lookup('cost_centre', value ->> '$.cost_centre',
		'data.earnings.cost_centre') AS cost_centre,
	value ->> '$.component' AS memo,
	paise(need(value ->> '$.amount', 'data.earnings.amount'),
		d ->> '$.currency',
		'data.earnings.amount') AS amount
FROM run, json_each(d, '$.earnings')
UNION ALL
SELECT 'employer', lookup('account', '@employer_pf'), NULL, 'PF', employer_pf
FROM run WHERE employer_pf <> 0
UNION ALL
SELECT 'employer', lookup('account', '@employer_esi'), NULL, 'ESI',
	employer_esi
FROM run WHERE employer_esi <> 0
UNION ALL
SELECT 'payable', lookup('account', '@tds_salaries'), NULL, 'TDS 192B',
	tds
FROM run WHERE tds <> 0
UNION ALL
SELECT 'payable', lookup('account', '@pf_payable'), NULL, 'PF',
	pf + employer_pf
FROM run WHERE pf + employer_pf <> 0
UNION ALL
SELECT 'payable', lookup('account', '@esi_payable'), NULL, 'ESI',
	esi + employer_esi
FROM run WHERE esi + employer_esi <> 0
UNION ALL
SELECT 'payable', lookup('account', '@pt_payable'), NULL, 'PT',
	pt
FROM run WHERE pt <> 0
UNION ALL
SELECT 'payable', lookup('account', '@salaries_payable'), NULL, 'net pay',
	net
FROM run WHERE net <> 0
