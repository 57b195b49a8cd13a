#!/bin/sh
# Each fuzz target under libFuzzer with AddressSanitizer and UBSan, for the given seconds; each reader
# of logs (ci/lang_NAME.c) alone is a target too, fuzz_reader_NAME, seeded with its own examples.
# Findings are left in out/fuzz/. Needs clang with its runtime.
# usage: fuzz.sh [SECONDS [TARGET...]]
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
[ $# = 0 ] || shift
clang=$(command -v clang || command -v clang-14)
make --no-print-directory CC="$clang" out=out/fuzz optimise=-O1 \
	sanitize='-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all' \
	warnings='-Wall -Wextra -Wno-unused-command-line-argument' harden=-fPIE out/fuzz/libaegis.a \
	out/fuzz/libgrammars.a

build() {
	# shellcheck disable=SC2046 # flags
	"$clang" -std=gnu17 -D_GNU_SOURCE -g -O1 -I. -fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all $(pkg-config --cflags libgit2 tree-sitter) -o "out/fuzz/$1" \
		"tests/$1.c" out/fuzz/libaegis.a out/fuzz/libgrammars.a \
		$(pkg-config --libs libgit2 libcurl jansson libpcre2-8 libcrypto libfyaml libseccomp \
			tree-sitter expat sqlite3 zlib) -lm
}

targets=$*
if [ -z "$targets" ]; then
	for file in tests/fuzz_*.c; do
		targets="$targets $(basename "$file" .c)"
	done
	for file in ci/lang_*.c; do
		targets="$targets fuzz_reader_$(basename "${file#ci/lang_}" .c)"
	done
fi
built=" "
for target in $targets; do
	source=$target
	case $target in fuzz_reader_*) source=fuzz_reader ;; esac
	case $built in *" $source "*) ;; *)
		build "$source"
		built="$built$source "
		;;
	esac
	corpus=out/fuzz/corpus/$target
	mkdir -p "$corpus"
	[ "$source" = "$target" ] || ln -sf fuzz_reader "out/fuzz/$target"
	if grep -q write_seeds "tests/$source.c" && [ "$target" != fuzz_reader ]; then
		"out/fuzz/$target" "-write_seeds=$corpus"
	fi
	echo "== $target"
	"out/fuzz/$target" -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=2048 \
		-artifact_prefix="out/fuzz/$target-" -print_final_stats=1 "$corpus" 2>&1 |
		grep -aE '^SUMMARY|ERROR: [A-Za-z]+(Sanitizer|Fuzzer)|runtime error|executed_units|Assertion .* failed|written to' || true
done
if ls out/fuzz/fuzz_*-crash-* out/fuzz/fuzz_*-leak-* out/fuzz/fuzz_*-timeout-* 2>/dev/null; then
	exit 1
fi
