-- An order placed is a promise: nothing is booked until goods or a bill come.
-- posts: nothing
-- name: entries
SELECT account, 0 AS amount FROM line WHERE false
