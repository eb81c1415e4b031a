#!/bin/sh
# Every header stands alone, and no folder includes what stands above it.
set -u
cd "$(dirname "$0")/.."
pass=0 fail=0
rank() {
	case $1 in
	core) echo 0 ;; book) echo 1 ;;
	gst) echo 2 ;;
	store|net|rules|checks|exports|formats) echo 3 ;;
	sources|targets|wire) echo 4 ;;
	flow) echo 5 ;; api) echo 6 ;; bahid) echo 7 ;; *) echo 9 ;;
	esac
}
for header in $(find src ui -name '*.h' | sort); do
	if echo "#include \"${header#src/}\"" | ${CC:-cc} -std=c11 -Wall -Wextra \
	    -Werror -D_GNU_SOURCE -Isrc -I. -fsyntax-only -x c -; then
		pass=$((pass + 1))
	else
		echo "does not stand alone: $header"; fail=$((fail + 1))
	fi
done
for file in $(find src -name '*.[ch]' | sort); do
	folder=${file#src/}; folder=${folder%%/*}; mine=$(rank "$folder")
	up=
	for other in $(sed -n 's/^#include "\([a-z]*\)\/.*/\1/p' "$file"); do
		[ "$other" = "$folder" ] && continue
		[ "$other" = data ] && continue	# compiled-in text
		[ "$(rank "$other")" -lt "$mine" ] || up="$up $other"
	done
	if [ -z "$up" ]; then pass=$((pass + 1))
	else echo "$file includes upward:$up"; fail=$((fail + 1)); fi
done
echo "$pass passed, $fail failed"
[ "$fail" -eq 0 ]
