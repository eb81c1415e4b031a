#!/bin/sh
# What reviews would say again and again: banned calls, floats, built SQL,
# long lines, tabs, machine paths.
set -u
cd "$(dirname "$0")/.."
pass=0 fail=0
ban() {
	if found=$(grep -nE "$2" $3); then
		echo "$1:"; echo "$found" | head -20
		fail=$((fail + 1))
	else
		pass=$((pass + 1))
	fi
}
c=$(find src ui -name '*.[ch]')
ban "banned call" '\b(strcpy|strcat|strncpy|sprintf|strtok|atoi|atol|strtod|localtime|gmtime|alloca|gets)[[:space:]]*\(' "$c"
ban "float" '^[^*]*\b(float|double)\b[[:space:]]+\**[a-z_]+[[:space:]]*[][;=,()]' "$c"
ban "longer than 80 columns" '^.{81,}$' "$(echo "$c" | xargs -n 200 | tr ' ' '\n')"
ban "trailing space" '[[:space:]]+$' "$c"
ban "foreign database" 'sqlite3_' "$(echo "$c" | grep -vE 'src/core/sealed|src/store/sqlite.c|src/store/convert.c|src/rules/|ui/cache|ui/keep.c')"
ban "foreign crypto" 'openssl/' "$(echo "$c" | grep -vE 'src/core/digest.c|src/core/aead.c|src/net/')"
# A table named so is read past what its caller may see (store/scope.h).
ban "table past its scope" '"[^"]*\bmain\.[a-z_]+' "$(echo "$c" | grep -vE 'src/store/(scope|view_change|sqlite).c|src/rules/|^ui/')"
ban "store left open (database in tests/flow/house.py)" 'with sqlite3\.connect' "$(find tests -name '*.py')"
if python3 tests/fuzz/table.py; then
	pass=$((pass + 1))
else
	fail=$((fail + 1))
fi
echo "$pass passed, $fail failed"
[ "$fail" -eq 0 ]
