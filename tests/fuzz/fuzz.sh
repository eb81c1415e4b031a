#!/bin/sh
# Each target for some seconds (default 60); a crash leaves its input here.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-60}
out=build/fuzz
mkdir -p "$out"
for target in tests/fuzz/fuzz_*.c; do
	name=$(basename "$target" .c)
	clang -std=gnu11 -D_GNU_SOURCE -DBAHI_LOCALEDIR='"/nonexistent"' \
	    -O1 -g -fsanitize=fuzzer,address,undefined -Isrc -I. \
	    "$target" src/core/*.c src/book/*.c src/gst/*.c src/formats/*.c \
	    $(pkg-config --cflags --libs libcjson libpcre2-8 openssl expat \
	        liboath) \
	    -o "$out/$name"
	mkdir -p "$out/$name.corpus"
	"$out/$name" -max_total_time="$seconds" -max_len=65536 \
	    -artifact_prefix="$out/" "$out/$name.corpus" 2>&1 | tail -3
done
