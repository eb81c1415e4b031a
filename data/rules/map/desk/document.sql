-- What a person entered or amended: documents as they are kept, each with the
-- version that was read before.
-- name: header
SELECT part, d ->> '$.kind' AS kind, d ->> '$.entity' AS entity,
	d ->> '$.number' AS number, d ->> '$.date' AS date,
	d ->> '$.posting_date' AS posting_date, d ->> '$.void' AS void,
	d ->> '$.party' AS party, d ->> '$.currency' AS currency,
	minor(need(d ->> '$.total', 'total'), 'total') AS total,
	minor(d ->> '$.tax', 'tax') AS tax, d ->> '$.channel' AS channel,
	d ->> '$.reference' AS reference, d ->> '$.memo' AS memo,
	d ->> '$.order_number' AS order_number,
	d ->> '$.after_kind' AS after_kind,
	d ->> '$.after_number' AS after_number, d ->> '$.batch' AS batch,
	minor(d ->> '$.control_total', 'control_total') AS control_total,
	minor(d ->> '$.control_count', 'control_count') AS control_count,
	minor(base, 'base_version') AS base_version
FROM (SELECT key AS part, value -> '$.document' AS d,
		value ->> '$.base_version' AS base
	FROM json_each(:body, '$.documents'))

-- name: lines
SELECT one.key AS part, line.value ->> '$.type' AS type,
	line.value ->> '$.account' AS account,
	line.value ->> '$.party' AS party,
	line.value ->> '$.cost_centre' AS cost_centre,
	line.value ->> '$.tax_code' AS tax_code,
	line.value ->> '$.item' AS item,
	line.value ->> '$.location' AS location,
	line.value ->> '$.memo' AS memo,
	line.value ->> '$.quantity' AS quantity,
	minor(need(line.value ->> '$.amount', 'lines.amount'), 'lines.amount')
		AS amount,
	minor(line.value ->> '$.cost', 'lines.cost') AS cost,
	line.value ->> '$.hsn' AS hsn, line.value ->> '$.unit' AS unit,
	line.value ->> '$.supply' AS supply, line.value ->> '$.head' AS head
FROM json_each(:body, '$.documents') AS one,
	json_each(one.value, '$.document.lines') AS line

-- name: gst
SELECT part, g ->> '$.gstin' AS gstin, g ->> '$.party_gstin' AS party_gstin,
	g ->> '$.party_name' AS party_name, g ->> '$.category' AS category,
	g ->> '$.place' AS place, g ->> '$.pin' AS pin,
	g ->> '$.supply' AS supply, g ->> '$.operator' AS operator,
	g ->> '$.seller' AS seller, g ->> '$.original' AS original,
	g ->> '$.original_date' AS original_date, g ->> '$.port' AS port,
	g ->> '$.bill' AS bill, g ->> '$.bill_date' AS bill_date,
	g ->> '$.credit' AS credit,
	g ->> '$.reverse_charge' AS reverse_charge,
	g ->> '$.reduced' AS reduced, g ->> '$.counter' AS counter,
	g ->> '$.debit_note' AS debit_note
FROM (SELECT key AS part, value -> '$.document.gst' AS g
	FROM json_each(:body, '$.documents'))
