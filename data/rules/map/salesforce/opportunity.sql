-- A won opportunity is an order accepted; any other stage is not for the
-- books. Amounts are major units. `Amount` is the sum of the products when
-- there are any; without products the opportunity is one line.
-- Goods are promised from the location that @default is mapped to, if any.
-- CurrencyIsoCode is there only where several currencies are in use.
-- name: header
SELECT 'sales_order' AS kind,
	lookup('entity', coalesce(r ->> '$.Company__c', '@default'),
		'record.Company__c') AS entity,
	need(r ->> '$.Id', 'record.Id') AS number,
	day(need(r ->> '$.CloseDate', 'record.CloseDate'), 'record.CloseDate')
		AS date,
	lookup('party', need(r ->> '$.AccountId', 'record.AccountId'),
		'record.AccountId') AS party,
	currency,
	paise(need(r ->> '$.Amount', 'record.Amount'), currency, 'record.Amount')
		AS total,
	r ->> '$.Id' AS order_number,
	r ->> '$.Owner.Name' AS channel,
	r ->> '$.Account.Name' AS reference,
	r ->> '$.Name' AS memo,
	r ->> '$.SystemModstamp' AS revision
FROM (SELECT :body -> '$.record' AS r, coalesce(
	:body ->> '$.record.CurrencyIsoCode',
	lookup('currency', '@default', 'record.CurrencyIsoCode')) AS currency)
WHERE coalesce(r ->> '$.IsWon', r ->> '$.StageName' = 'Closed Won')

-- name: lines
WITH won AS MATERIALIZED (
	SELECT :body -> '$.record' AS r, coalesce(
		:body ->> '$.record.CurrencyIsoCode',
		known('currency', '@default')) AS currency
)
SELECT 'ordered' AS type,
	lookup('cost_centre', coalesce(r ->> '$.Type', '@default'),
		'record.Type') AS cost_centre,
	lookup('item', need(value ->> '$.Product2.ProductCode',
		'OpportunityLineItems.Product2.ProductCode'),
		'OpportunityLineItems.Product2.ProductCode') AS item,
	known('location', '@default') AS location,
	coalesce(value ->> '$.Description', value ->> '$.Product2.Name')
		AS memo,
	value ->> '$.Quantity' AS quantity,
	paise(need(value ->> '$.TotalPrice', 'OpportunityLineItems.TotalPrice'),
		currency, 'OpportunityLineItems.TotalPrice') AS amount
FROM won, json_each(r, '$.OpportunityLineItems.records')
UNION ALL
SELECT 'ordered', lookup('cost_centre', coalesce(r ->> '$.Type', '@default'),
		'record.Type'),
	NULL, NULL, r ->> '$.Name', NULL, paise(r ->> '$.Amount', currency,
		'record.Amount')
FROM won
WHERE coalesce(json_array_length(r, '$.OpportunityLineItems.records'), 0) = 0
