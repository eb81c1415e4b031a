-- A till's report of the day (Z): a control, not for the books, since its sales
-- came one by one. It is held against what was posted of that till and day.
-- name: header
SELECT 'settlement' AS kind, 'IN01' AS entity, z AS number, d AS date,
	c AS currency, t AS total
FROM (SELECT need(:body ->> '$.data.z_number', 'data.z_number') AS z,
		day(need(:body ->> '$.data.business_date', 'data.business_date'),
			'data.business_date') AS d,
		need(:body ->> '$.data.currency', 'data.currency') AS c,
		paise(need(:body ->> '$.data.gross', 'data.gross'),
			:body ->> '$.data.currency', 'data.gross') AS t,
		lookup('cost_centre', need(:body ->> '$.data.store', 'data.store'),
			'data.store') AS s)
WHERE z || d || c || t || s = ''

-- name: lines
SELECT 'bank' AS type, lookup('account', '@bank') AS account, 0 AS amount
WHERE false

-- name: bank
SELECT 'till' AS says, known('entity', '@default') AS entity,
	known('cost_centre', :body ->> '$.data.store') AS account,
	day(:body ->> '$.data.business_date', 'data.business_date') AS day,
	:body ->> '$.data.currency' AS currency,
	paise(:body ->> '$.data.gross', :body ->> '$.data.currency',
		'data.gross') AS amount,
	:body ->> '$.data.z_number' AS reference,
	minor(:body ->> '$.data.sales_count', 'data.sales_count') AS count
