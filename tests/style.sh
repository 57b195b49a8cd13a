#!/bin/sh
# Small enough to see: files of at most 500 lines, functions of at most 60, lines of at most 120
# columns (texts of examples excepted), an opening comment in every C file, and no banned words.
set -eu
cd "$(dirname "$0")/.."
bad=0
say() {
	echo "$1"
	bad=1
}

for file in $(find bot git ci templates tests -name '*.[ch]'); do
	lines=$(wc -l <"$file")
	[ "$lines" -le 500 ] || say "$file: $lines lines, more than 500"
	[ "$(head -c 2 "$file")" = "/*" ] || say "$file: does not open with a comment"
done

# A function runs from a line that starts with { to one that starts with }.
long=$(find bot git ci templates tests -name '*.c' -exec awk '
	FNR == 1 { start = 0 }
	/^\{/ { start = FNR }
	/^\}/ && start { if (FNR - start > 61) print FILENAME ":" start ": a function of " FNR - start - 1 " lines, more than 60"; start = 0 }
' {} +)
[ -z "$long" ] || say "$long"

wide=$(find bot git ci templates tests -name '*.[ch]' -exec awk '
	{ text = $0; gsub(/\t/, "        ", text) }
	length(text) > 120 && text !~ /"/ { print FILENAME ":" FNR ": " length(text) " columns, more than 120" }
' {} +)
[ -z "$wide" ] || say "$wide"

if grep -nE '(^|[^_[:alnum:]])(malloc|calloc|realloc|free|strdup)\(' -r bot git ci templates \
	--include='*.[ch]' | grep -v '^bot/base/' | grep -vE ':[0-9]+:.*"'; then
	say "malloc and free belong into bot/base"
fi
if grep -nE '(^|[^A-Z])(TODO|FIXME|HACK|XXX)([^A-Zx]|$)' -r bot git ci templates tests/*.c workflows prompts Makefile \
	README.md 2>/dev/null | grep -v 'tests/style.sh'; then
	say "unfinished work"
fi
if grep -nE '^[[:space:]]*//' -r bot git ci templates tests --include='*.[ch]' |
	grep -vE '"' | head -n 5 | grep .; then
	say "comments are /* */"
fi
exit $bad
