#!/bin/sh
# How fast bahid posts, beside what SQLite itself does with the same rows and
# beside a PostgreSQL server doing the same posting in one function.  All of
# it takes turns in one run on one disk; prints one table.
#
#	BAHI_BUILD=DIR [BENCH_...=N] tests/bench/bench.sh
#
# DIR is an optimized build with bahid in it (configure without --enable-dev,
# then `make bench` builds the two helpers and runs this).
#
#	BENCH_SECONDS	of each step, 5
#	BENCH_ROUNDS	each step so often, the middle rate counts, 3
#	BENCH_EVENTS	in the store when the daemon is killed, 100000
#	BENCH_PREPARED	requests signed in advance for each step, 100000
#	BENCH_TMP	where the files of all of them go, /tmp
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
build=$(cd "${BAHI_BUILD:-.}" && pwd)
seconds=${BENCH_SECONDS:-5}
rounds=${BENCH_ROUNDS:-3}
events=${BENCH_EVENTS:-100000}
prepared=${BENCH_PREPARED:-100000}
export BAHI_DATADIR="${BAHI_DATADIR:-$top/data}"
export LC_ALL=C

dir=$(mktemp -d "${BENCH_TMP:-/tmp}/bahi-bench.XXXXXX")
chmod 755 "$dir"
daemon='' postgres=''
finish() {
	trap - EXIT
	[ -z "$daemon" ] || kill -9 "$daemon" 2>/dev/null || :
	[ -z "$postgres" ] ||
	    as_postgres pg_ctl -D "$dir/pg" -m immediate stop >/dev/null || :
	wait
	rm -rf "$dir"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

say() { echo "bench: $*" >&2; }

# PostgreSQL refuses to run as root.
pgbin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$pgbin" ] || pgbin=$(pg_config --bindir)
as_postgres() {
	program=$1
	shift
	if [ "$(id -u)" -eq 0 ]; then
		(cd "$dir" &&
		    runuser -u postgres -- "$pgbin/$program" "$@")
	else
		"$pgbin/$program" "$@"
	fi
}

start_postgres() {
	mkdir "$dir/pg" "$dir/pgsock"
	[ "$(id -u)" -ne 0 ] || chown postgres "$dir/pg" "$dir/pgsock"
	as_postgres initdb -D "$dir/pg" -U bench -A trust -E UTF8 >/dev/null
	postgres=yes
	as_postgres pg_ctl -D "$dir/pg" -w -l "$dir/pgsock/log" \
	    -o "-h '' -k $dir/pgsock" start >/dev/null
	as_postgres psql -h "$dir/pgsock" -U bench -d postgres -q \
	    -v ON_ERROR_STOP=1 <"$here/posting.sql"
	as_postgres psql -h "$dir/pgsock" -U bench -d postgres -Atc \
	    'SHOW server_version' | cut -d' ' -f1 >"$dir/pgversion"
}

start_daemon() {
	rm -f "$dir/bahi/url"
	"$build/bahid" --config "$dir/bahi/bahid.conf" run 2>>"$dir/log" &
	daemon=$!
	while [ ! -s "$dir/bahi/url" ]; do
		kill -0 "$daemon" || { cat "$dir/log" >&2; exit 1; }
		sleep 0.05
	done
	address=$(sed 's,^http://,,' "$dir/bahi/url")
}

make_store() {
	"$build/bahid" init "$dir/bahi" "$top/data/reference" >/dev/null
	"$build/bahid" --config "$dir/bahi/bahid.conf" \
	    source add pos standard >/dev/null
}

# Steps: each appends "NAME rate=... p50=..." to the results.

hooks() {
	say "bahid, $1 connections"
	out=$("$build/tests/bench/load" hook "$1" "$seconds" "$prepared" \
	    "$address" "$dir/bahi/secrets/pos")
	echo "bahid@$1 $out" >>"$dir/results"
}

batches() {
	say "bahid, batches of 100"
	out=$("$build/tests/bench/load" batch 4 "$seconds" \
	    $((prepared / 50)) "$dir/bahi/bahid.sock")
	echo "batch $out" >>"$dir/results"
}

ceiling() {
	say "SQLite alone"
	rm -f "$dir"/ceiling.db*
	out=$("$build/tests/bench/ceiling" "$top/data/sql/0001_ledger.sql" \
	    "$dir/ceiling.db" "$seconds")
	rm -f "$dir"/ceiling.db*
	echo "ceiling $out" >>"$dir/results"
}

# pgbench writes each latency in microseconds; the same figures from those.
postings() {
	say "PostgreSQL, $2 clients ($1)"
	sums=true
	[ "$1" = pg ] || sums=false
	rm -f "$dir"/pgsock/lat.*
	as_postgres pgbench -h "$dir/pgsock" -U bench -n -M prepared \
	    -D sums=$sums -c "$2" -T "$seconds" -f "$here/posting.pgbench" \
	    -l --log-prefix="$dir/pgsock/lat" postgres \
	    >"$dir/pgbench" 2>&1 || { cat "$dir/pgbench" >&2; exit 1; }
	rate=$(sed -n 's/^tps = \([0-9]*\).*/\1/p' "$dir/pgbench")
	cat "$dir"/pgsock/lat.* | cut -d' ' -f3 | sort -n >"$dir/lat"
	echo "$1@$2 rate=$rate $(awk '{ v[NR] = $1 } END {
		printf "p50=%d p99=%d max=%d", v[int((NR + 1) / 2)],
		    v[int((NR * 99 + 99) / 100)], v[NR] }' "$dir/lat")" \
	    >>"$dir/results"
}

sync_time() {
	python3 - "$dir/sync" <<-'END'
	import os, sys, time
	fd = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT, 0o600)
	took = []
	for i in range(500):
	    os.pwrite(fd, b"x" * 4096, i * 4096)
	    start = time.perf_counter_ns()
	    os.fdatasync(fd)
	    took.append((time.perf_counter_ns() - start) // 1000)
	took.sort()
	print("p50=%d p99=%d" % (took[250], took[495]))
	END
}

# Killed in the middle of a load, then started again: until it answers.
restart_time() {
	"$build/tests/bench/load" batch 4 30 2000 "$dir/bahi/bahid.sock" \
	    >/dev/null 2>&1 &
	load=$!
	sleep 1
	kill -9 "$daemon"
	wait "$daemon" "$load" 2>/dev/null || :
	daemon=''
	python3 - "$build/bahid" "$dir/bahi" "$dir/pid" "$dir/log" <<-'END'
	import socket, subprocess, sys, time
	bahid, folder, pid, log = sys.argv[1:]
	start = time.perf_counter_ns()
	child = subprocess.Popen([bahid, "--config", folder + "/bahid.conf",
	                          "run"], stdin=subprocess.DEVNULL,
	                         stdout=subprocess.DEVNULL,
	                         stderr=open(log, "a"))
	open(pid, "w").write("%d\n" % child.pid)
	while True:
	    try:
	        with socket.socket(socket.AF_UNIX) as s:
	            s.connect(folder + "/bahid.sock")
	            s.sendall(b"GET /healthz HTTP/1.1\r\nHost: bench\r\n\r\n")
	            if s.recv(64).startswith(b"HTTP/1.1 200"):
	                break
	    except OSError:
	        pass
	    if child.poll() is not None:
	        sys.exit("bahid did not start again")
	    time.sleep(0.001)
	print((time.perf_counter_ns() - start) // 1000000)
	END
	daemon=$(cat "$dir/pid")
}

# Up to the wanted number of events, by batches.
fill() {
	have=$(sed -n 's/.* posted=\([0-9]*\).*/\1/p' "$dir/bahid-results" |
	    awk '{ n += $1 } END { print n + 0 }')
	while [ "$have" -lt "$events" ]; do
		want=$(((events - have + 99) / 100))
		[ "$want" -le 1000 ] || want=1000
		"$build/tests/bench/load" batch 4 0 "$want" \
		    "$dir/bahi/bahid.sock" >/dev/null
		have=$((have + want * 100))
		say "$have events"
	done
}

memory() { sed -n "s/^$1:[^0-9]*\([0-9]*\).*/\1/p" "/proc/$daemon/status"; }

# The run of the middle rate, of each name.
middle() {
	sort -t= -k2n "$dir/results" | awk '{ n[$1]++; line[$1, n[$1]] = $0 }
	END { for (name in n) print line[name, int((n[name] + 1) / 2)] }'
}

table() {
	middle | sed 's/[a-z0-9]*=/ /g' | awk -v events="$have" \
	    -v sync="$1" -v rss="$2" -v peak="$3" -v ready="$4" \
	    -v version="$(cat "$dir/pgversion")" '
	function line(name, title) {
		if (!(name in rate))
			return
		printf "%-38s %9d", title, rate[name]
		if (name in p50)
			printf " %9d %9d %9d", p50[name], p99[name], max[name]
		printf "\n"
	}
	function ratio(title, a, b) {
		printf "%-38s %9.2f\n", title, (b > 0 ? a / b : 0)
	}
	{
		rate[$1] = $2
		if (NF > 4) { p50[$1] = $3; p99[$1] = $4; max[$1] = $5 }
		if ($1 ~ /^pg@/ && $2 > best) best = $2
		if ($1 ~ /^loose@/ && $2 > loose) loose = $2
	}
	END {
		printf "%-38s %9s %9s %9s %9s\n", "postings of four entries",
		    "per s", "p50 us", "p99 us", "max us"
		line("bahid@1", "bahid, 1 connection")
		line("bahid@16", "bahid, 16 connections")
		line("bahid@64", "bahid, 64 connections")
		line("batch", "bahid, batches of 100 (per batch)")
		line("ceiling", "SQLite alone, groups of 512")
		line("pg@1", "PostgreSQL " version ", 1 client")
		line("pg@8", "PostgreSQL, 8 clients")
		line("pg@32", "PostgreSQL, 32 clients")
		line("loose@8", "  the same without sums and chain, 8")
		line("loose@32", "  the same without sums and chain, 32")
		printf "\n"
		ratio("bahid@16 / best PostgreSQL", rate["bahid@16"], best)
		ratio("bahid@64 / best PostgreSQL", rate["bahid@64"], best)
		ratio("batches / SQLite alone", rate["batch"],
		    rate["ceiling"])
		ratio("bahid@64 / best without sums, chain",
		    rate["bahid@64"], loose)
		printf "\n%-38s %s us\n", "4 kB write, then fdatasync", sync
		printf "%-38s %d MiB, peak %d MiB, %d events\n",
		    "resident memory of bahid", rss / 1024, peak / 1024, events
		printf "%-38s %d ms\n", "ready after SIGKILL under load", ready
	}'
}

for program in bahid tests/bench/load tests/bench/ceiling; do
	[ -x "$build/$program" ] || { say "$build/$program: not built"; exit 1; }
done
sync=$(sync_time)
make_store
start_daemon
start_postgres
for round in $(seq "$rounds"); do
	say "round $round of $rounds"
	hooks 1
	postings pg 1
	hooks 16
	postings pg 8
	hooks 64
	postings pg 32
	batches
	ceiling
	postings loose 8
	postings loose 32
done
as_postgres pg_ctl -D "$dir/pg" -m fast stop >/dev/null
postgres=''
grep -E '^(bahid|batch)' "$dir/results" >"$dir/bahid-results"
fill
rss=$(memory VmRSS)
peak=$(memory VmHWM)
ready=$(restart_time)
daemon=$(cat "$dir/pid")
table "$sync" "$rss" "$peak" "$ready"
