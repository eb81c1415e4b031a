#!/bin/sh
# fuzz.sh BUILD SECONDS: every target that long, as many at once as there are
# cores, on objects that ./dev has built with clang. What breaks one is left in
# build/fuzz; it becomes a seed in corpus/NAME once it is mended.
set -u
cd "$(dirname "$0")/../.."
build=$1 seconds=${2:-60}
out=build/fuzz
mkdir -p "$out"

one() {
	name=$1
	libs=$out/daemon.a
	# some names are of both programs
	! grep -q '"ui/' "tests/fuzz/fuzz_$name.c" ||
		libs="$out/console.a $libs"
	for lib in api flow targets sources exports formats checks rules net store \
	    wire gst book core; do
		libs="$libs $build/lib$lib.a"
	done
	foreign=$(sed -n '/^CMOCKA/d; s/^[A-Z0-9]*_\(LIBS\|CFLAGS\) = \(-[^$\\]*\)$/\2/p' \
	    "$build/Makefile" | grep -v sanitize)
	mkdir -p "$out/$name"
	{
		clang -std=gnu11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Werror \
		    -fsanitize=fuzzer,address,undefined \
		    -fno-sanitize-recover=undefined -Isrc -I. -I"$build" \
		    "tests/fuzz/fuzz_$name.c" tests/fuzz/common.c \
		    $libs $foreign -lpthread \
		    -o "$out/fuzz_$name" &&
		"$out/fuzz_$name" -max_total_time="$seconds" -max_len=65536 \
		    -timeout=60 -rss_limit_mb=3000 -print_final_stats=1 \
		    -artifact_prefix="$out/$name-" $(test -f \
		    "tests/fuzz/$name.dict" && echo \
		    "-dict=tests/fuzz/$name.dict") "$out/$name" \
		    $(test -d "tests/fuzz/corpus/$name" && echo \
		    "tests/fuzz/corpus/$name")
	} >"$out/$name.log" 2>&1 && { : >"$out/$name.passed"
		sed -n 's/^stat::number_of_executed_units: */ran /p' \
		    "$out/$name.log" | sed "s/$/ $name/"; return; }
	: >"$out/$name.failed"
	echo "---- $name"
	grep -v '^#[0-9]*	' "$out/$name.log" | tail -40
}

if [ $# -gt 2 ]; then
	one "$3"
	exit
fi
rm -f "$out"/*.failed "$out"/*.passed "$out"/*.a
ar rcs "$out/console.a" $(find "$build/ui" -name '*.o' ! -name main.o)
ar rcs "$out/daemon.a" $(find "$build/src/bahid" -name '*.o' ! -name main.o)
ls tests/fuzz/fuzz_*.c | sed 's|.*/fuzz_||; s|\.c$||' |
    xargs -P "$(nproc)" -n 1 sh "$0" "$build" "$seconds"
echo "$(ls "$out" | grep -c '\.passed$') passed," \
    "$(ls "$out" | grep -c '\.failed$') failed"
[ "$(ls "$out" | grep -c '\.failed$')" -eq 0 ]
