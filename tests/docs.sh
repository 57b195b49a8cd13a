#!/bin/sh
# What the documents print is what the program says: the option table, the template table and the
# commands in README.md, and every relative link leads somewhere. With --write, README.md is renewed.
set -eu
cd "$(dirname "$0")/.."
aegis=${AEGIS:-out/aegis}
bad=0

# part NAME COMMAND: between <!-- NAME --> and <!-- /NAME --> stands what COMMAND prints.
part() {
	"$aegis" $2 >out/part.txt
	awk -v name="$1" '
		$0 == "<!-- " name " -->" { print; while ((getline line < "out/part.txt") > 0) print line; skip = 1; next }
		$0 == "<!-- /" name " -->" { skip = 0 }
		!skip' README.md >out/README.new
	if [ "${3:-}" = --write ]; then
		cp out/README.new README.md
	elif ! cmp -s out/README.new README.md; then
		echo "README.md: the part \"$1\" is not what \`aegis $2\` prints; run sh tests/docs.sh --write"
		bad=1
	fi
}

part options "check-config --markdown" "${1:-}"
part templates "templates markdown" "${1:-}"
part comments "help --comments" "${1:-}"

for file in README.md; do
	for link in $(grep -oE '\]\([^)#]+' "$file" | sed 's/^](//' | grep -vE '^[a-z]+:'); do
		[ -e "$link" ] || {
			echo "$file: dead link $link"
			bad=1
		}
	done
done
exit $bad
