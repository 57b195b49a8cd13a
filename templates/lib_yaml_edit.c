/*
 * Edits of YAML that look as if the file's author had made them. They only collect; whether the
 * result parses is seen when the edits are applied.
 */
#include "templates/lib_scene.h"
#include "templates/lib_yaml.h"

static size_t line_begin(struct str text, size_t at)
{
	while (at && text.at[at - 1] != '\n')
		at--;
	return at;
}

static const char *newline_of(const struct syntax *s)
{
	return str_has(s->text, "\r\n") ? "\r\n" : "\n";
}

/* The column of a node, as blanks. */
static struct str margin(const struct syntax *s, TSNode node)
{
	struct text out = TEXT(s->arena);
	size_t start = ts_node_start_byte(node);

	for (size_t at = line_begin(s->text, start); at < start; at++)
		text_addc(&out, ' ');
	return text_str(&out);
}

/* The lines, each behind the margin. */
static void add_lines(struct text *out, const struct syntax *s, struct str before, const char *text)
{
	struct str rest = str_of(text), line;

	while (str_next_line(&rest, &line))
		text_addf(out, "%.*s%.*s%s", STR_ARG(before), STR_ARG(line), newline_of(s));
}

/* Whole lines at a byte that starts a line, or at the end of a text that lacks its last line end. */
static void put_lines(struct edits *edits, const struct syntax *s, size_t at, struct str before,
		      const char *text)
{
	struct text out = TEXT(s->arena);

	if (at && s->text.at[at - 1] != '\n')
		text_adds(&out, newline_of(s));
	add_lines(&out, s, before, text);
	edit_replace(edits, at, at, text_str(&out));
}

void yaml_set(struct edits *edits, const struct syntax *s, TSNode scalar, struct str text)
{
	char quote = syntax_type_is(scalar, "double_quote_scalar") ? '"'
		   : syntax_type_is(scalar, "single_quote_scalar") ? '\'' : '\0';

	if (quote)
		edit_node(edits, scalar, str_of(arena_printf(s->arena, "%c%.*s%c", quote,
							     STR_ARG(text), quote)));
	else
		edit_node(edits, scalar, text);
}

static TSNode last_pair(TSNode mapping)
{
	TSNode pair = yaml_pair(mapping, 0), next;

	for (unsigned n = 1; next = yaml_pair(mapping, n), !ts_node_is_null(next); n++)
		pair = next;
	return pair;
}

static const char *pair_text(const struct syntax *s, const char *key, const char *value)
{
	bool block = value[0] == '\n' || !value[0];

	return arena_printf(s->arena, "%s:%s%s", key, block ? "" : " ", value);
}

void yaml_add(struct edits *edits, const struct syntax *s, TSNode mapping, TSNode pair,
	      const char *key, const char *value)
{
	const char *text = pair_text(s, key, value);

	if (ts_node_is_null(pair))
		pair = last_pair(mapping);
	if (ts_node_is_null(pair))
		return;
	if (syntax_type_is(mapping, "flow_mapping")) {
		size_t end = yaml_end(s, pair);

		edit_replace(edits, end, end, str_of(arena_printf(s->arena, ", %s", text)));
		return;
	}
	put_lines(edits, s, line_end(s->text, yaml_end(s, pair)), margin(s, pair), text);
}

/* The pair opens its line: nothing but blanks before it. */
static bool opens_line(const struct syntax *s, size_t at)
{
	return !str_trim(str_slice(s->text, line_begin(s->text, at),
				   at - line_begin(s->text, at))).size;
}

void yaml_add_before(struct edits *edits, const struct syntax *s, TSNode pair, const char *key,
		     const char *value)
{
	size_t start = ts_node_start_byte(pair);

	if (opens_line(s, start))
		put_lines(edits, s, line_begin(s->text, start), margin(s, pair),
			  pair_text(s, key, value));
}

static TSNode item_of(TSNode sequence, unsigned n)
{
	TSNode item = { {0}, NULL, NULL };

	for (uint32_t i = 0; i < ts_node_named_child_count(sequence); i++) {
		TSNode child = ts_node_named_child(sequence, i);

		if (syntax_type_is(child, "block_sequence_item|flow_node|flow_pair") && !n--)
			return child;
	}
	return item;
}

/* Up over the comments that stand right above, as deep as the line itself. */
static size_t above_comments(const struct syntax *s, size_t at)
{
	size_t depth = str_indent(str_from(s->text, at));

	while (at) {
		size_t before = line_begin(s->text, at - 1);
		struct str line = str_slice(s->text, before, at - before);

		if (!str_starts(str_trim(line), "#") || str_indent(line) != depth)
			break;
		at = before;
	}
	return at;
}

bool yaml_add_item(struct edits *edits, const struct syntax *s, TSNode sequence, unsigned n,
		   bool behind, const char *text)
{
	TSNode item;
	size_t at;

	if (!syntax_type_is(sequence, "block_sequence"))
		return false;
	item = item_of(sequence, n);
	if (ts_node_is_null(item) || !opens_line(s, ts_node_start_byte(item)))
		return false;
	at = behind ? line_end(s->text, yaml_end(s, item))
		    : above_comments(s, line_begin(s->text, ts_node_start_byte(item)));
	put_lines(edits, s, at, margin(s, item), text);
	return true;
}

bool yaml_drop_item(struct edits *edits, const struct syntax *s, TSNode sequence, unsigned n)
{
	TSNode item = item_of(sequence, n), next = item_of(sequence, n + 1);
	size_t start, end;

	if (ts_node_is_null(item) || (!n && ts_node_is_null(next)))
		return false;
	start = ts_node_start_byte(item);
	end = yaml_end(s, item);
	if (syntax_type_is(sequence, "block_sequence")) {
		if (!opens_line(s, start))
			return false;
		edit_replace(edits, line_begin(s->text, start), line_end(s->text, end), STR_NONE);
	} else if (!ts_node_is_null(next)) {
		edit_replace(edits, start, ts_node_start_byte(next), STR_NONE);
	} else {
		edit_replace(edits, yaml_end(s, item_of(sequence, n - 1)), end, STR_NONE);
	}
	return true;
}
