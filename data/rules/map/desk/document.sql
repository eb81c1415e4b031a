-- What a person entered or amended: the document itself, as it is kept, and
-- the version that was read before.
-- name: header
SELECT d ->> '$.kind' AS kind, d ->> '$.entity' AS entity,
	d ->> '$.number' AS number, d ->> '$.date' AS date,
	d ->> '$.posting_date' AS posting_date,
	d ->> '$.party' AS party, d ->> '$.currency' AS currency,
	minor(need(d ->> '$.total', 'total'), 'total') AS total,
	minor(d ->> '$.tax', 'tax') AS tax, d ->> '$.channel' AS channel,
	d ->> '$.reference' AS reference, d ->> '$.memo' AS memo,
	d ->> '$.order_number' AS order_number,
	d ->> '$.after_kind' AS after_kind,
	d ->> '$.after_number' AS after_number, d ->> '$.batch' AS batch,
	minor(d ->> '$.control_total', 'control_total') AS control_total,
	minor(d ->> '$.control_count', 'control_count') AS control_count,
	d ->> '$.void' AS void,
	minor(:body ->> '$.base_version', 'base_version') AS base_version
FROM (SELECT :body -> '$.document' AS d)

-- name: lines
SELECT value ->> '$.type' AS type, value ->> '$.account' AS account,
	value ->> '$.party' AS party,
	value ->> '$.cost_centre' AS cost_centre,
	value ->> '$.tax_code' AS tax_code, value ->> '$.item' AS item,
	value ->> '$.location' AS location, value ->> '$.memo' AS memo,
	value ->> '$.quantity' AS quantity,
	minor(need(value ->> '$.amount', 'lines.amount'), 'lines.amount')
		AS amount,
	minor(value ->> '$.cost', 'lines.cost') AS cost
FROM json_each(:body, '$.document.lines')
