/*
 * Tells a formatter's work from an edit: two texts are the same when their trees have the same
 * leaves in the same shape once layout is set aside. Errs on the side of "different": what is not
 * known to be layout counts.
 */
#include "templates/syntax.h"

enum { LEAVES_MAX = 400000 };

/* A position in a tree, moved from leaf to leaf, with the depth of named nodes that are not layout. */
struct walker {
	const struct syntax *s;
	TSTreeCursor cursor;
	bool started, ended;
};

static bool is_separator(struct str text)
{
	return str_is(text, ",") || str_is(text, ";") || !text.size;
}

/* Parentheses that only wrap one expression, as formatters add and take away. */
static bool is_wrapper(TSNode node)
{
	return syntax_type_is(node, "parenthesized_expression");
}

static void walker_next(struct walker *w)
{
	for (;;) {
		if (!w->started) {
			w->started = true;
		} else if (!ts_tree_cursor_goto_next_sibling(&w->cursor)) {
			if (!ts_tree_cursor_goto_parent(&w->cursor)) {
				w->ended = true;
				return;
			}
			continue;
		}
		while (ts_tree_cursor_goto_first_child(&w->cursor))
			;
		return;
	}
}

/* Leaves that carry meaning: separators at the end of a list and wrapping parentheses do not. */
static bool counts(const struct walker *w, TSNode leaf)
{
	TSNode parent = ts_node_parent(leaf);
	struct str text = syntax_text(w->s, leaf);

	if (is_separator(str_trim(text))) {
		TSNode next = ts_node_next_sibling(leaf);

		return syntax_type_is(parent, "tuple") && !ts_node_is_null(next) &&
		       ts_node_named_child_count(parent) == 1;
	}
	return !(is_wrapper(parent) && !ts_node_is_named(leaf));
}

/* Ancestors that count, so that (a + b) * c and a + b * c differ though parentheses do not. */
static unsigned depth(TSNode node)
{
	unsigned n = 0;

	for (node = ts_node_parent(node); !ts_node_is_null(node); node = ts_node_parent(node))
		n += !is_wrapper(node);
	return n;
}

/* The text of a leaf without what formatters change in strings and numbers: the kind of quote. */
static struct str plain(struct str text)
{
	if (str_is(text, "'") || str_is(text, "\"") || str_is(text, "\"\"\"") ||
	    str_is(text, "'''"))
		return STR("\"");
	return str_trim(text);
}

static bool same_leaf(const struct walker *one, const struct walker *other)
{
	TSNode a = ts_tree_cursor_current_node(&one->cursor);
	TSNode b = ts_tree_cursor_current_node(&other->cursor);

	return str_equal(plain(syntax_text(one->s, a)), plain(syntax_text(other->s, b))) &&
	       ts_node_symbol(a) == ts_node_symbol(b) && depth(a) == depth(b);
}

static bool walk_both(struct walker *one, struct walker *other)
{
	for (size_t n = 0; n < LEAVES_MAX; n++) {
		do {
			walker_next(one);
		} while (!one->ended && !counts(one, ts_tree_cursor_current_node(&one->cursor)));
		do {
			walker_next(other);
		} while (!other->ended && !counts(other, ts_tree_cursor_current_node(&other->cursor)));
		if (one->ended || other->ended)
			return one->ended && other->ended;
		if (!same_leaf(one, other))
			return false;
	}
	return false;
}

bool syntax_same(struct arena *a, const char *language, struct str before, struct str after)
{
	SYNTAX one = syntax_open(a, language, before);
	SYNTAX other = syntax_open(a, language, after);
	struct walker w1 = { .s = one }, w2 = { .s = other };
	bool same;

	if (!one || !other || one->errors || other->errors)
		return false;
	w1.cursor = ts_tree_cursor_new(one->root);
	w2.cursor = ts_tree_cursor_new(other->root);
	same = walk_both(&w1, &w2);
	ts_tree_cursor_delete(&w1.cursor);
	ts_tree_cursor_delete(&w2.cursor);
	return same;
}
