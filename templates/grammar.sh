#!/bin/sh
# One grammar as an object whose tables are packed: they are nine tenths of it, and are unpacked when
# the language is asked for first. Only the generated parser.c of tree-sitter is known here.
# usage: grammar.sh NAME FOLDER_OF_PARSER_C WORK_FOLDER OBJECT   (CC from the environment)
set -eu
name=$1 source=$2 work=$3/$1 object=$4
tables='ts_parse_table ts_small_parse_table ts_small_parse_table_map ts_parse_actions ts_lex_modes
	ts_primary_state_ids'
mkdir -p "$work"

# A program that holds the tables as they are, and prints them packed, or their sizes for the other part.
{
	printf '#include <parser.c>\n#include <stdio.h>\n#include <zlib.h>\n'
	printf 'static const struct { const char *name; const void *at; size_t size, count; } tables[] = {\n'
	for table in $tables; do
		printf '\t{ "%s", %s, sizeof(%s), sizeof(%s) / sizeof(%s[0]) },\n' \
			"$table" "$table" "$table" "$table" "$table"
	done
	cat <<'END'
};
int main(int argc, char **argv)
{
	gzFile out;

	if (argc < 2) {
		for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
			printf("#define count_of_%s %zu\n", tables[i].name, tables[i].count);
		return 0;
	}
	out = gzopen(argv[1], "wb9");
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (gzwrite(out, tables[i].at, (unsigned)tables[i].size) != (int)tables[i].size)
			return 1;
	return gzclose(out) != Z_OK;
}
END
} > "$work/pack.c"
scanner=
if [ -f "$source/scanner.c" ]; then
	scanner=$work/scanner.o
	$CC -O1 -w -fPIE -I "$source" -c -o "$scanner" "$source/scanner.c"
fi
# shellcheck disable=SC2086 # no word for no scanner
$CC -O0 -w -I "$source" -o "$work/pack" "$work/pack.c" $scanner -lz
"$work/pack" > "$work/sizes.h"
"$work/pack" "$work/tables.gz"

# The parser with room where the tables were, and the function that fills it.
{
	cat "$work/sizes.h"
	printf '#define tree_sitter_%s raw_language\n#define TS_PUBLIC static\n' "$name"
	awk -v tables="$tables" '
	BEGIN { n = split(tables, list); for (i = 1; i <= n; i++) packed[list[i]] = 1 }
	/^#define TS_PUBLIC|^extern "C" {/ { next }
	skipping { if (/^};/) skipping = 0; next }
	/^static const [A-Za-z0-9_]+ ts_[a-z_]+\[.*= {$/ {
		table = $4; sub(/\[.*/, "", table)
		if (table in packed) {
			line = $0; sub(/^static const/, "static", line); sub(/ = {$/, ";", line)
			sub(/\[\]/, "[count_of_" table "]", line)
			print line; skipping = 1; next
		}
	}
	{ print }' "$source/parser.c"
	printf '#undef tree_sitter_%s\n#include <pthread.h>\n#include <stdlib.h>\n#include <zlib.h>\n' "$name"
	printf '__asm__(".section .rodata\\n.balign 16\\n%s_tables:\\n.incbin \\"%s\\"\\n%s_tables_end:\\n.text");\n' \
		"$name" "$work/tables.gz" "$name"
	printf 'extern const unsigned char first[] __asm__("%s_tables"), last[] __asm__("%s_tables_end");\n' \
		"$name" "$name"
	cat <<'END'
static void take(z_stream *stream, void *table, size_t size)
{
	stream->next_out = table;
	stream->avail_out = (uInt)size;
	while (stream->avail_out)
		if (inflate(stream, Z_NO_FLUSH) < Z_OK)
			abort();
}
static void unpack(void)
{
	z_stream stream = { .next_in = (Bytef *)first, .avail_in = (uInt)(last - first) };

	if (inflateInit2(&stream, 15 + 16) != Z_OK)
		abort();
END
	for table in $tables; do
		printf '\ttake(&stream, %s, sizeof(%s));\n' "$table" "$table"
	done
	printf '\tinflateEnd(&stream);\n}\nconst TSLanguage *tree_sitter_%s(void)\n{\n' "$name"
	printf '\tstatic pthread_once_t once = PTHREAD_ONCE_INIT;\n\n\tpthread_once(&once, unpack);\n'
	printf '\treturn raw_language();\n}\n'
} > "$work/parser.c"
$CC -O1 -w -fPIE -I "$source" -c -o "$work/parser.o" "$work/parser.c"
# shellcheck disable=SC2086
ld -r -o "$object" "$work/parser.o" $scanner
