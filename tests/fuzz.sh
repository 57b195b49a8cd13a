#!/bin/sh
# Each fuzz target under libFuzzer with AddressSanitizer and UBSan, for the given seconds. Findings are
# left in out/fuzz/. Needs clang with its runtime.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
make --no-print-directory CC=clang out=out/fuzz optimise=-O1 \
	sanitize='-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all' \
	warnings='-Wall -Wextra -Wno-unused-command-line-argument' harden=-fPIE out/fuzz/libaegis.a \
	out/fuzz/libgrammars.a
for target in tests/fuzz_*.c; do
	name=$(basename "$target" .c)
	# shellcheck disable=SC2046 # flags
	clang -std=gnu17 -D_GNU_SOURCE -g -O1 -I. -fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all $(pkg-config --cflags libgit2 tree-sitter) -o "out/fuzz/$name" \
		"$target" out/fuzz/libaegis.a out/fuzz/libgrammars.a \
		$(pkg-config --libs libgit2 libcurl jansson libpcre2-8 libcrypto libfyaml libseccomp \
			tree-sitter expat sqlite3)
	mkdir -p "out/fuzz/corpus/$name"
	echo "== $name"
	"out/fuzz/$name" -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=2048 \
		-artifact_prefix="out/fuzz/$name-" -print_final_stats=1 "out/fuzz/corpus/$name" 2>&1 |
		grep -E 'ERROR|SUMMARY|number_of_executed|BINGO|crash' || true
done
if ls out/fuzz/fuzz_*-crash-* out/fuzz/fuzz_*-leak-* out/fuzz/fuzz_*-timeout-* 2>/dev/null; then
	exit 1
fi
