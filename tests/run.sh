#!/bin/sh
# Runs everything that `make test` promises and ends with "N passed, N failed, N skipped".
# usage: run.sh OUT [SANITIZED_OUT]
set -u
cd "$(dirname "$0")/.."
out=$1
sanitized=${2:-}
passed=0
failed=0
skipped=0
logs=$out/logs
mkdir -p "$logs"

# count FILE STATUS NAME: adds up what a cmocka program or a flow printed.
count() {
	good=$(grep -c '^\[       OK \]\|^ok ' "$1")
	bad=$(grep '^\[  FAILED  \] [a-z_A-Z0-9]*$\|^FAILED ' "$1" | sort -u | wc -l)
	skip=$(grep '^\[  SKIPPED \] [a-z_A-Z0-9]*$\|^skip ' "$1" | sort -u | wc -l)
	# A program that dies has failed, whatever it said before.
	[ "$2" = 0 ] || [ "$bad" != 0 ] || bad=1
	passed=$((passed + good))
	failed=$((failed + bad))
	skipped=$((skipped + skip))
	printf '%-44s %4d ok %3d failed %3d skipped\n' "$3" "$good" "$bad" "$skip"
	grep '^skip ' "$1"
	[ "$bad" = 0 ] || tail -n 60 "$1"
}

run() {
	name=$1
	shift
	log=$logs/$(echo "$name" | tr '/ ' '__').log
	"$@" >"$log" 2>&1
	count "$log" $? "$name"
}

# A check that is silent when all is well.
check() {
	log=$logs/$1.log
	if sh "tests/$1.sh" >"$log" 2>&1; then
		passed=$((passed + 1))
		echo "$1: ok"
	else
		failed=$((failed + 1))
		echo "$1: FAILED"
		cat "$log"
	fi
}

export AEGIS="$PWD/$out/aegis"
for one in layers style docs; do
	check $one
done
for program in "$out"/test_*; do
	[ -x "$program" ] && [ "${program%.d}" = "$program" ] && run "$program" "$program"
done
run tests/hub sh tests/hub.sh
run score_secrets "$out/score_secrets"
# Flows wait more than they work: three at a time, the longest first.
{
	printf '%s\n' tests/flow_kill_*.py tests/flow_circle*.py
	printf '%s\n' tests/flow_*.py | grep -v 'flow_kill_\|flow_circle'
} | LOGS=$logs xargs -P 3 -I FLOW sh -c '
	log=$LOGS/$(basename FLOW).log
	/usr/bin/python3 FLOW >"$log" 2>&1
	echo $? >"$log.status"'
for flow in tests/flow_*.py; do
	log=$logs/$(basename "$flow").log
	count "$log" "$(cat "$log.status")" "$flow"
done
if [ -n "$sanitized" ]; then
	export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1
	for program in "$sanitized"/test_*; do
		[ -x "$program" ] && [ "${program%.d}" = "$program" ] && run "$program" "$program"
	done
	for target in "$sanitized"/replay_*; do
		[ -x "$target" ] && [ "${target%.d}" = "$target" ] && run "$target" "$target"
	done
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
