/*
 * Tells a formatter's work from an edit. Both trees become lists of marks (a node opens, a token, a
 * node closes) without layout; the lists must be equal, and so must the tokens with the comments
 * between them. Errs on the side of "different": what is not known to be layout counts.
 */
#include "templates/syntax_layout.h"

enum { MARKS_MAX = 300000 };

enum mark { MARK_OPEN, MARK_TOKEN, MARK_CLOSE, MARK_NOTE };

struct marks {
	const struct syntax *s;
	enum family family;
	struct arena *arena;
	struct place *places;		/* the way down to here */
	size_t depth, places_room;
	struct one {
		enum mark mark;
		TSSymbol symbol;
		struct str text;
	} *list;
	size_t count;
};

static void add(struct marks *m, enum mark mark, TSSymbol symbol, struct str text)
{
	if (m->count <= MARKS_MAX)
		arena_push(m->arena, m->list, m->count) = (struct one){ mark, symbol, text };
}

static struct place *top(struct marks *m)
{
	return m->depth ? &m->places[m->depth - 1] : NULL;
}

static void push(struct marks *m, struct place place)
{
	if (m->depth == m->places_room) {
		arena_push(m->arena, m->places, m->places_room) = place;
		m->depth++;
		return;
	}
	m->places[m->depth++] = place;
}

/* The comma that waits is written before the next element, and dropped before a closing bracket. */
static void settle_comma(struct marks *m, struct place *place, bool last)
{
	if (!place->comma)
		return;
	place->comma = false;
	if (!last || !layout_last_comma(m->family, place))
		add(m, MARK_TOKEN, 0, STR(","));
}

/* Text between children that no token covers: parts of strings in some grammars. */
static void add_gap(struct marks *m, struct place *place, size_t end)
{
	struct str gap = str_slice(m->s->text, place->end, end - place->end);

	if (!syntax_type_is(place->node, "template_string|format_specifier|string"))
		gap = str_trim(gap);
	if (gap.size && !str_is(gap, "\\"))	/* a backslash continues the line of a macro */
		add(m, MARK_TOKEN, 0, gap);
}

static bool closes(struct str token)
{
	return str_is(token, ")") || str_is(token, "]") || str_is(token, "}") || str_is(token, ">");
}

static void add_token(struct marks *m, struct place *parent, TSNode node)
{
	struct str bare = str_trim(syntax_text(m->s, node));
	bool key;

	if (parent && !ts_node_is_named(node)) {
		if (str_is(bare, ",") && !layout_token(m->family, parent, bare)) {
			settle_comma(m, parent, false);
			parent->hole = parent->before == ts_node_symbol(node) || !parent->elements;
			parent->comma = true;
			return;
		}
		settle_comma(m, parent, closes(bare));
		if (!bare.size || layout_token(m->family, parent, bare))
			return;
	}
	/* {'a': 1} is {a: 1} */
	key = parent && parent->elements == 1 && syntax_type_is(parent->node, "pair") &&
	      m->family == FAMILY_SCRIPT;
	add(m, MARK_TOKEN, ts_node_is_named(node) && !key ? ts_node_symbol(node) : 0,
	    layout_text(m->s, m->family, parent, node));
}

/* Notes a node; true when its children are to be visited. */
static bool enter(struct marks *m, TSNode node)
{
	struct place *parent = top(m);
	enum layout layout = layout_of(m->s, m->family, parent, node);
	TSSymbol symbol = layout == LAYOUT_LIST ? 0 : ts_node_symbol(node);
	bool leaf = !ts_node_child_count(node);

	if (parent) {
		add_gap(m, parent, ts_node_start_byte(node));
		parent->end = ts_node_end_byte(node);
	}
	if (layout == LAYOUT_COMMENT)
		add(m, MARK_NOTE, 0, layout_text(m->s, m->family, parent, node));
	if (layout == LAYOUT_COMMENT || layout == LAYOUT_SKIP)
		return false;
	if (parent && ts_node_is_named(node)) {
		settle_comma(m, parent, false);
		parent->elements++;
	}
	if (layout == LAYOUT_ATOM || leaf)
		add_token(m, parent, node);
	if (parent)
		parent->before = ts_node_symbol(node);
	if (layout == LAYOUT_ATOM || leaf)
		return false;
	if (layout != LAYOUT_CLEAR)
		add(m, MARK_OPEN, symbol, STR_NONE);
	push(m, (struct place){ .node = node, .end = ts_node_start_byte(node),
				.clear = layout == LAYOUT_CLEAR, .list = layout == LAYOUT_LIST });
	return true;
}

static void leave(struct marks *m)
{
	struct place *place = top(m);

	if (!place)
		return;
	add_gap(m, place, ts_node_end_byte(place->node));
	settle_comma(m, place, place->list);
	if (!place->clear)
		add(m, MARK_CLOSE, 0, STR_NONE);
	m->depth--;
}

static void collect(struct marks *m)
{
	TSTreeCursor cursor = ts_tree_cursor_new(m->s->root);
	bool down = true;

	while (m->count <= MARKS_MAX) {
		if (down && enter(m, ts_tree_cursor_current_node(&cursor)) &&
		    ts_tree_cursor_goto_first_child(&cursor))
			continue;
		if (ts_tree_cursor_goto_next_sibling(&cursor)) {
			down = true;
			continue;
		}
		if (!ts_tree_cursor_goto_parent(&cursor))
			break;
		leave(m);
		down = false;
	}
	ts_tree_cursor_delete(&cursor);
}

/* The next mark that is not of the kinds to be passed over. */
static const struct one *next(const struct marks *m, size_t *at, bool shape)
{
	while (*at < m->count) {
		const struct one *one = &m->list[(*at)++];
		bool token = one->mark == MARK_TOKEN;

		if (token || (shape ? one->mark != MARK_NOTE : one->mark == MARK_NOTE))
			return one;
	}
	return NULL;
}

/* shape: nodes and tokens; else tokens and comments, whose node is a matter of layout. */
static bool equal(const struct marks *one, const struct marks *other, bool shape)
{
	size_t i = 0, j = 0;

	for (;;) {
		const struct one *a = next(one, &i, shape), *b = next(other, &j, shape);

		if (!a || !b)
			return !a && !b;
		if (a->mark != b->mark || a->symbol != b->symbol || !str_equal(a->text, b->text))
			return false;
	}
}

bool syntax_same(struct arena *a, const char *language, struct str before, struct str after)
{
	SYNTAX one = syntax_open(a, language, before);
	SYNTAX other = syntax_open(a, language, after);
	struct marks m1 = { .s = one, .arena = a }, m2 = { .s = other, .arena = a };

	/* In YAML white space is meaning. */
	if (!one || !other || one->errors || other->errors || str_is(str_of(language), "yaml"))
		return false;
	m1.family = m2.family = layout_family(language);
	collect(&m1);
	collect(&m2);
	if (m1.count > MARKS_MAX || m2.count > MARKS_MAX)
		return false;
	return equal(&m1, &m2, true) && equal(&m1, &m2, false);
}
