-- schema: settlement
-- A payout: the bank gets the net of what was gathered. With a batch it is the
-- control of that batch, which must add up to gross less refunds.
-- name: header
SELECT 'settlement' AS kind,
	lookup('entity', coalesce(d ->> '$.entity', '@default'), 'data.entity')
		AS entity,
	need(d ->> '$.number', 'data.number') AS number,
	day(need(d ->> '$.date', 'data.date'), 'data.date') AS date,
	need(d ->> '$.currency', 'data.currency') AS currency,
	paise(need(d ->> '$.net', 'data.net'), d ->> '$.currency', 'data.net')
		AS total,
	(SELECT sum(paise(value ->> '$.amount', d ->> '$.currency',
			'data.fee_taxes.amount')) FROM json_each(d,
				'$.fee_taxes')) AS tax,
	d ->> '$.batch' AS batch,
	CASE WHEN d ->> '$.batch' IS NOT NULL THEN
		minor(d ->> '$.count', 'data.count') END AS control_count,
	CASE WHEN d ->> '$.batch' IS NOT NULL THEN
		paise(d ->> '$.gross', d ->> '$.currency', 'data.gross')
		- coalesce(paise(d ->> '$.refunds', d ->> '$.currency',
		'data.refunds'), 0) END AS control_total,
	d ->> '$.reference' AS reference,
	d ->> '$.memo' AS memo,
	d ->> '$.revision' AS revision,
	minor(d ->> '$.base_version', 'data.base_version') AS base_version
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)

-- name: lines
WITH payout AS MATERIALIZED (
	SELECT d, lookup('account', coalesce(d ->> '$.clearing_account',
			'@clearing'), 'data.clearing_account') AS clearing,
		lookup('account', coalesce(d ->> '$.bank_account', '@bank'),
			'data.bank_account') AS bank
	FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)
)
SELECT 'bank' AS type, bank AS account, NULL AS memo,
	paise(d ->> '$.net', d ->> '$.currency', 'data.net') AS amount
FROM payout
UNION ALL
SELECT 'fee', lookup('account', '@gateway_fees'), NULL,
	paise(d ->> '$.fees', d ->> '$.currency', 'data.fees')
FROM payout WHERE d ->> '$.fees' IS NOT NULL
UNION ALL
SELECT 'fee_tax', lookup('account', CASE value ->> '$.kind' WHEN 'other'
		THEN '@gateway_fees'
		ELSE '@input_' || (value ->> '$.kind') END), value ->> '$.kind',
	paise(value ->> '$.amount', d ->> '$.currency', 'data.fee_taxes.amount')
FROM payout, json_each(d, '$.fee_taxes')
UNION ALL
SELECT 'adjustment', lookup('account', coalesce(value ->> '$.account',
	'@gateway_fees'),
		'data.adjustments.account'),
	value ->> '$.memo', paise(need(value ->> '$.amount',
		'data.adjustments.amount'), d ->> '$.currency',
		'data.adjustments.amount')
FROM payout, json_each(d, '$.adjustments')
UNION ALL
SELECT 'refunded', clearing, NULL,
	paise(d ->> '$.refunds', d ->> '$.currency', 'data.refunds')
FROM payout WHERE d ->> '$.refunds' IS NOT NULL
UNION ALL
SELECT 'clearing', clearing, NULL,
	paise(need(d ->> '$.gross', 'data.gross'), d ->> '$.currency',
		'data.gross')
FROM payout
