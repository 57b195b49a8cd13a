#!/bin/sh
# The folder order is the dependency order: a file includes only from its own folder or from folders
# to the left. Prints each violation; exit 1 when there is one.
set -eu
cd "$(dirname "$0")/.."

rank() {
	case "$1" in
	bot/base/*) echo 1 ;;
	git/*) echo 2 ;;
	ci/*) echo 3 ;;
	templates/*) echo 4 ;;
	bot/store/* | bot/llm/* | bot/notify/* | bot/watch/*) echo 5 ;;
	bot/serve/*) echo 7 ;;
	bot/*) echo 6 ;;
	tests/*) echo 8 ;;
	*) echo 0 ;;
	esac
}

bad=0
for file in $(find bot git ci templates tests -name '*.[ch]'); do
	own=$(rank "$file")
	for included in $(sed -n 's/^#include "\(.*\)".*/\1/p' "$file"); do
		theirs=$(rank "$included")
		if [ "$theirs" = 0 ] || [ ! -f "$included" ]; then
			echo "$file: \"$included\" is not relative to the root"
			bad=1
		elif [ "$theirs" -gt "$own" ]; then
			echo "$file: must not include $included"
			bad=1
		elif [ "$theirs" = 5 ] && [ "$own" = 5 ] &&
			[ "${file%/*}" != "${included%/*}" ]; then
			echo "$file: must not include $included, a sibling folder's"
			bad=1
		fi
	done
	header="${file%.c}.h"
	if [ "$file" != "$header" ] && [ -f "$header" ] &&
		[ "$(sed -n 's/^#include "\(.*\)".*/\1/p' "$file" | head -n 1)" != "$header" ]; then
		echo "$file: its own header comes first"
		bad=1
	fi
done
if [ -n "$(find prompts workflows -name '*.[ch]' 2>/dev/null)" ]; then
	echo "prompts/ and workflows/ hold no C"
	bad=1
fi
exit $bad
