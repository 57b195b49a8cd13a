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

# many AT_ONCE: runs the commands of $logs/many, so many at a time, and counts them in order. A
# command's name is its last word.
many() {
	LOGS=$logs xargs -P "$1" -I COMMAND sh -c '
		set -- COMMAND
		for name; do :; done
		log=$LOGS/$(echo "$name" | tr "/ " "__").log
		"$@" >"$log" 2>&1
		echo $? >"$log.status"' <"$logs/many"
	sort "$logs/many" | while read -r command; do echo "${command##* }"; done >"$logs/names"
	while read -r name; do
		log=$logs/$(echo "$name" | tr '/ ' '__').log
		count "$log" "$(cat "$log.status")" "$name"
	done <"$logs/names"
}

# The programs made from tests, by the beginning of their names.
programs() {
	for program in "$@"; do
		[ -x "$program" ] && [ "${program%.d}" = "$program" ] && echo "$program"
	done
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
# Most of them wait more than they work, so more run at a time than there are cores.
programs "$out"/test_* >"$logs/many"
many 2
{
	echo sh tests/hub.sh
	echo "$out/score_secrets"
} >"$logs/many"
many 1
{
	ls tests/flow_kill_*.py tests/flow_circle*.py
	ls tests/flow_*.py | grep -v 'flow_kill_\|flow_circle'
} | sed 's|^|/usr/bin/python3 |' >"$logs/many"
many 3
if [ -n "$sanitized" ]; then
	export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1
	programs "$sanitized"/test_* "$sanitized"/replay_* >"$logs/many"
	many 3
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
