-- schema: intercompany_adjustment
-- The entry that makes two companies of the group agree, in the books of the
-- one that adjusts; and, when it only belongs to another month, its reversal
-- there. Both post, or neither.
-- name: header
WITH adjustment AS MATERIALIZED (
	SELECT d, lookup('entity', need(d ->> '$.entity', 'data.entity'),
			'data.entity') AS entity,
		need(d ->> '$.number', 'data.number') AS number,
		need(d ->> '$.currency', 'data.currency') AS currency,
		(SELECT coalesce(sum(paise(value ->> '$.debit',
			d ->> '$.currency', 'data.lines.debit')), 0)
			FROM json_each(d, '$.lines')) AS total
	FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)
)
SELECT 'adjustment' AS part, 'journal_voucher' AS kind, entity, number,
	day(need(d ->> '$.date', 'data.date'), 'data.date') AS date, currency,
	total, 'intercompany' AS channel, d ->> '$.reference' AS reference,
	d ->> '$.memo' AS memo, 0 AS base_version
FROM adjustment
UNION ALL
SELECT 'reversal', 'journal_voucher', entity, number || '-R',
	day(d ->> '$.reverse_on', 'data.reverse_on'), currency, total,
	'intercompany', d ->> '$.reference', d ->> '$.memo', 0
FROM adjustment WHERE d ->> '$.reverse_on' IS NOT NULL

-- name: lines
WITH said AS MATERIALIZED (
	SELECT allowed(lookup('account', need(value ->> '$.account',
			'data.lines.account'), 'data.lines.account'),
			'data.lines.account', 'listed') AS account,
		lookup('party', value ->> '$.party', 'data.lines.party')
			AS party,
		coalesce(paise(value ->> '$.debit', d ->> '$.currency',
			'data.lines.debit'), 0)
		- coalesce(paise(value ->> '$.credit', d ->> '$.currency',
			'data.lines.credit'), 0) AS amount,
		d ->> '$.reverse_on' AS reverse_on
	FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d), json_each(d, '$.lines')
)
SELECT 'adjustment' AS part, 'entry' AS type, account, party, amount FROM said
UNION ALL
SELECT 'reversal', 'entry', account, party, - amount FROM said
WHERE reverse_on IS NOT NULL
