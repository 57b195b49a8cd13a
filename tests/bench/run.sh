#!/bin/sh
# make bench: prints each figure with its limit; exit 1 when one is missed.
set -eu
cd "$(dirname "$0")/../.."
out=${1:-out}
missed=0
/usr/bin/python3 tests/bench/figures.py "$out/aegis" || missed=1
/usr/bin/python3 tests/bench/red_to_pull.py "$out/aegis" || missed=1
/usr/bin/python3 tests/bench/peers.py "$out/aegis" || missed=1
/usr/bin/python3 tests/bench/door.py "$out/aegis" || missed=1
for program in "$out"/bench_*; do
	[ -x "$program" ] && [ "${program%.d}" = "$program" ] || continue
	echo "== ${program##*/}"
	"$program" || missed=1
done
exit $missed
