-- schema: journal
-- A journal voucher as CloudEvent: the data of a structured event, or the
-- whole body of a binary one. base_version says which version it amends.
-- A sender with grants may use those accounts alone.
-- name: header
SELECT 'journal_voucher' AS kind,
	lookup('entity', need(d ->> '$.entity', 'data.entity'), 'data.entity')
		AS entity,
	need(d ->> '$.number', 'data.number') AS number,
	day(need(d ->> '$.date', 'data.date'), 'data.date') AS date,
	need(d ->> '$.currency', 'data.currency') AS currency,
	(SELECT coalesce(sum(paise(value ->> '$.debit', d ->> '$.currency',
			'data.lines.debit')), 0)
		FROM json_each(d, '$.lines')) AS total,
	d ->> '$.reference' AS reference,
	d ->> '$.memo' AS memo,
	d ->> '$.revision' AS revision,
	minor(d ->> '$.base_version', 'data.base_version') AS base_version
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)

-- name: lines
SELECT 'entry' AS type,
	allowed(lookup('account', need(value ->> '$.account',
		'data.lines.account'), 'data.lines.account'),
		'data.lines.account', 'listed') AS account,
	lookup('party', value ->> '$.party', 'data.lines.party') AS party,
	lookup('cost_centre', value ->> '$.cost_centre',
		'data.lines.cost_centre') AS cost_centre,
	lookup('tax_code', value ->> '$.tax_code', 'data.lines.tax_code')
		AS tax_code,
	lookup('item', value ->> '$.item', 'data.lines.item') AS item,
	lookup('location', value ->> '$.location', 'data.lines.location')
		AS location,
	value ->> '$.memo' AS memo,
	coalesce(paise(value ->> '$.debit', d ->> '$.currency',
		'data.lines.debit'), 0)
	- coalesce(paise(value ->> '$.credit', d ->> '$.currency',
		'data.lines.credit'), 0) AS amount
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d), json_each(d, '$.lines')
