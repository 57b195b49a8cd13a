/*
 * Reads assertions from the tokens of macros: there is no tree of expressions in them, so the two
 * sides are told apart by brackets and commas. Messages behind the second side are left out.
 */
#include "templates/lib_rust_test.h"

#include "templates/lib_scene.h"

size_t rust_side_size(struct str text)
{
	unsigned depth = 0;

	for (size_t i = 0; i < text.size; i++) {
		char c = text.at[i];

		if (c == '"') {
			for (i++; i < text.size && text.at[i] != '"'; i++)
				i += text.at[i] == '\\';
		} else if (c == '\'' && i + 2 < text.size && (text.at[i + 2] == '\'' ||
							      text.at[i + 1] == '\\')) {
			i += text.at[i + 1] == '\\' ? 3 : 2;
		} else if (strchr("([{", c)) {
			depth++;
		} else if (strchr(")]}", c) && depth) {
			depth--;
		} else if (c == ',' && !depth) {
			return i;
		}
	}
	return text.size;
}

static void read_file(struct arena *a, const struct syntax *s, bool all, struct str word,
		      struct rust_assertion list[RUST_ASSERTIONS_MAX], size_t *count)
{
	for (unsigned n = 0; *count < RUST_ASSERTIONS_MAX; n++) {
		TSNode macro = syntax_below(s->root, "macro_invocation", n);
		struct str text = syntax_text(s, macro), left, right;
		size_t size;

		if (ts_node_is_null(macro))
			return;
		if (!str_skip(&text, "assert_eq!(") || !str_chop(&text, ")") ||
		    (!all && !rust_in_test(s, macro)))
			continue;
		size = rust_side_size(text);
		left = str_trim(str_slice(text, 0, size));
		right = str_from(text, size + 1);
		right = str_trim(str_slice(right, 0, rust_side_size(right)));
		if (!text_has_word(left, str_text(a, word)) && !text_has_word(right, str_text(a, word)))
			continue;
		list[(*count)++] = (struct rust_assertion){
			.test = str_copy(a, syntax_text(s, syntax_field(syntax_up(macro, "function_item"), "name"))),
			.left = str_copy(a, left), .right = str_copy(a, right),
		};
	}
}

size_t rust_assertions(const struct scene *scene, struct str word,
		       struct rust_assertion list[RUST_ASSERTIONS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < scene->tree->count; i++) {
		struct str path = str_of(scene->tree->entries[i].path), text;

		if (!str_ends(path, ".rs") || !scene_read(scene, path.at, &text) ||
		    !str_has(text, "assert_eq!("))
			continue;
		SYNTAX s = syntax_open(scene->arena, "rust", text);

		if (s)
			read_file(scene->arena, s, str_starts(path, "tests/") || str_has(path, "/tests/"), word,
				  list, &count);
	}
	return count;
}

bool rust_is_literal(struct str text)
{
	if (!text.size)
		return false;
	if (text.at[0] == '"')
		return text.size > 1 && text.at[text.size - 1] == '"' &&
		       str_char(str_slice(text, 1, text.size - 2), '"') < 0;
	if (text.at[0] == '\'')
		return text.size > 2 && text.size < 12 && text.at[text.size - 1] == '\'';
	if (word_among(text, "true false"))
		return true;
	if (text.at[0] == '-')
		text = str_from(text, 1);
	for (size_t i = 0; i < text.size; i++)
		if (!(text.at[i] >= '0' && text.at[i] <= '9') && text.at[i] != '_' && text.at[i] != '.')
			return false;
	return text.size && text.at[0] >= '0' && text.at[0] <= '9';
}

bool rust_is_call_of(struct str text, struct str name)
{
	ptrdiff_t at = str_char(text, '(');
	struct str head;
	unsigned depth = 0;

	/* The last call of the chain: its bracket closes at the end, and no other before it does. */
	if (!str_ends(text, ")"))
		return false;
	for (size_t i = text.size; i-- > 0;) {
		if (text.at[i] == ')')
			depth++;
		if (text.at[i] != '(' || --depth)
			continue;
		at = (ptrdiff_t)i;
		break;
	}
	head = str_slice(text, 0, at < 0 ? 0 : (size_t)at);
	if (head.size < name.size || !str_equal(str_from(head, head.size - name.size), name))
		return false;
	head.size -= name.size;
	for (size_t i = 0; i < head.size; i++)		/* an operator: more than a call */
		if (strchr(" +-*/%<>=&|!", head.at[i]))
			return false;
	return !head.size || strchr(".:", head.at[head.size - 1]);
}
