/*
 * tree-sitter behind a small surface: open, look, edit. Keeps the parser's time bounded and counts
 * errors so that no edit makes a file more broken. Does not know any language's meaning.
 */
#include "templates/syntax.h"

#include "git/path.h"

enum { PARSE_LIMIT_US = 1000000, TEXT_MAX = 1024 * 1024, TOKENS_MAX = 60000 };

const TSLanguage *tree_sitter_bash(void);
const TSLanguage *tree_sitter_c(void);
const TSLanguage *tree_sitter_cpp(void);
const TSLanguage *tree_sitter_go(void);
const TSLanguage *tree_sitter_java(void);
const TSLanguage *tree_sitter_javascript(void);
const TSLanguage *tree_sitter_json(void);
const TSLanguage *tree_sitter_php(void);
const TSLanguage *tree_sitter_python(void);
const TSLanguage *tree_sitter_rust(void);
const TSLanguage *tree_sitter_tsx(void);
const TSLanguage *tree_sitter_typescript(void);
const TSLanguage *tree_sitter_yaml(void);

static const struct {
	const char *name;
	const TSLanguage *(*grammar)(void);
	const char *endings[8];
} languages[] = {
	{ "bash", tree_sitter_bash, { "sh", "bash" } },
	{ "c", tree_sitter_c, { "c", "h" } },
	{ "cpp", tree_sitter_cpp, { "cc", "cpp", "cxx", "hpp", "hh", "hxx" } },
	{ "go", tree_sitter_go, { "go" } },
	{ "java", tree_sitter_java, { "java" } },
	{ "javascript", tree_sitter_javascript, { "js", "mjs", "cjs", "jsx" } },
	{ "json", tree_sitter_json, { "json" } },
	{ "php", tree_sitter_php, { "php" } },
	{ "python", tree_sitter_python, { "py", "pyi" } },
	{ "rust", tree_sitter_rust, { "rs" } },
	{ "tsx", tree_sitter_tsx, { "tsx" } },
	{ "typescript", tree_sitter_typescript, { "ts", "mts", "cts" } },
	{ "yaml", tree_sitter_yaml, { "yml", "yaml" } },
};

/* The handle that syntax_close gives back; `public` is first. */
struct opened {
	struct syntax public;
	TSTree *tree;
};

const char *syntax_language(const char *path)
{
	struct str ending = path_ending(str_of(path));

	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
		for (size_t n = 0; n < 8 && languages[i].endings[n]; n++)
			if (str_is(ending, languages[i].endings[n]))
				return languages[i].name;
	return NULL;
}

const TSLanguage *syntax_grammar(const char *language)
{
	for (size_t i = 0; language && i < sizeof(languages) / sizeof(languages[0]); i++)
		if (str_is(str_of(language), languages[i].name))
			return languages[i].grammar();
	return NULL;
}

static bool count_error(TSNode node, void *context)
{
	size_t *errors = context;

	if (!ts_node_has_error(node))
		return true;
	if (ts_node_is_missing(node) || syntax_type_is(node, "ERROR"))
		++*errors;
	return true;
}

/* Every node, named or not: a missing bracket is not a named node. */
static size_t count_errors(TSNode node)
{
	TSTreeCursor cursor = ts_tree_cursor_new(node);
	size_t errors = 0;
	bool down = true;

	for (;;) {
		TSNode here = ts_tree_cursor_current_node(&cursor);

		if (down)
			count_error(here, &errors);
		if (down && ts_node_has_error(here) && ts_tree_cursor_goto_first_child(&cursor))
			continue;
		if (ts_tree_cursor_goto_next_sibling(&cursor)) {
			down = true;
			continue;
		}
		if (!ts_tree_cursor_goto_parent(&cursor))
			break;
		down = false;
	}
	ts_tree_cursor_delete(&cursor);
	return errors;
}

static int kind_of(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return 1;
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ? 2 : 0;
}

/*
 * At least as many as any grammar sees. tree-sitter counts how deep repeated errors are in 16 bits;
 * a text with more tokens than that, all of them wrong, makes it free what it never had.
 */
static bool has_too_many_tokens(struct str text)
{
	size_t tokens = 0;
	int last = 0;

	for (size_t i = 0; i < text.size && tokens <= TOKENS_MAX; i++) {
		unsigned char c = (unsigned char)text.at[i];
		int kind = kind_of(c);

		if (c == ' ' || c == '\t' || c == '\r') {
			last = 0;
			continue;
		}
		tokens += !kind || kind != last;
		last = kind;
	}
	return tokens > TOKENS_MAX;
}

struct syntax *syntax_open(struct arena *a, const char *language, struct str text)
{
	const TSLanguage *grammar = syntax_grammar(language);
	struct opened *opened;
	TSParser *parser;
	TSTree *tree = NULL;

	if (!grammar || text.size > TEXT_MAX || has_too_many_tokens(text))
		return NULL;
	parser = ts_parser_new();
	ts_parser_set_timeout_micros(parser, PARSE_LIMIT_US);
	if (ts_parser_set_language(parser, grammar))
		tree = ts_parser_parse_string(parser, NULL, text.at ? text.at : "", (uint32_t)text.size);
	ts_parser_delete(parser);
	if (!tree)
		return NULL;
	opened = arena_new(a, struct opened);
	opened->tree = tree;
	opened->public.language = language;
	opened->public.text = text;
	opened->public.arena = a;
	opened->public.root = ts_tree_root_node(tree);
	opened->public.errors = count_errors(opened->public.root);
	return &opened->public;
}

void syntax_close(struct syntax *const *syntax)
{
	struct opened *opened = (struct opened *)*syntax;

	if (!opened || !opened->tree)
		return;
	ts_tree_delete(opened->tree);
	opened->tree = NULL;
}

struct str syntax_text(const struct syntax *s, TSNode node)
{
	if (ts_node_is_null(node))
		return STR_NONE;
	return str_slice(s->text, ts_node_start_byte(node),
			 ts_node_end_byte(node) - ts_node_start_byte(node));
}

/* Is `type` one of the words of "a|b|c"? */
static bool type_among(const char *type, const char *types)
{
	struct str rest = str_of(types), one;

	while (str_next(&rest, '|', &one))
		if (str_is(one, type))
			return true;
	return false;
}

bool syntax_type_is(TSNode node, const char *type)
{
	return !ts_node_is_null(node) && type_among(ts_node_type(node), type);
}

unsigned syntax_line(TSNode node)
{
	return ts_node_is_null(node) ? 0 : ts_node_start_point(node).row + 1;
}

TSNode syntax_up(TSNode node, const char *types)
{
	while (!ts_node_is_null(node) && !syntax_type_is(node, types))
		node = ts_node_parent(node);
	return node;
}

struct search {
	const char *types;
	unsigned left;
	TSNode found;
};

static bool search_step(TSNode node, void *context)
{
	struct search *search = context;

	if (!syntax_type_is(node, search->types) || search->left--)
		return true;
	search->found = node;
	return false;
}

TSNode syntax_below(TSNode node, const char *types, unsigned n)
{
	struct search search = { types, n, {{0}, NULL, NULL} };

	if (!ts_node_is_null(node))
		syntax_walk(node, search_step, &search);
	return search.found;
}

TSNode syntax_field(TSNode node, const char *field)
{
	TSNode none = {{0}, NULL, NULL};

	if (ts_node_is_null(node))
		return none;
	return ts_node_child_by_field_name(node, field, (uint32_t)strlen(field));
}

TSNode syntax_at(const struct syntax *s, size_t start, size_t end)
{
	return ts_node_named_descendant_for_byte_range(s->root, (uint32_t)start, (uint32_t)end);
}

void syntax_walk(TSNode node, bool (*f)(TSNode node, void *context), void *context)
{
	TSTreeCursor cursor = ts_tree_cursor_new(node);
	bool down = true;

	for (;;) {
		TSNode here = ts_tree_cursor_current_node(&cursor);

		if (down && ts_node_is_named(here) && !f(here, context))
			break;
		if (down && ts_tree_cursor_goto_first_child(&cursor))
			continue;
		if (ts_tree_cursor_goto_next_sibling(&cursor)) {
			down = true;
			continue;
		}
		if (!ts_tree_cursor_goto_parent(&cursor))
			break;
		down = false;
	}
	ts_tree_cursor_delete(&cursor);
}

struct str syntax_indent(const struct syntax *s, TSNode node)
{
	size_t start = ts_node_start_byte(node), line;
	ptrdiff_t before = str_char_last(str_slice(s->text, 0, start), '\n');

	line = before < 0 ? 0 : (size_t)before + 1;
	return str_slice(s->text, line, str_indent(str_from(s->text, line)));
}

void edit_replace(struct edits *e, size_t start, size_t end, struct str text)
{
	arena_push(e->arena, e->list, e->count) = (struct edit){ start, end, text };
}

void edit_node(struct edits *e, TSNode node, struct str text)
{
	edit_replace(e, ts_node_start_byte(node), ts_node_end_byte(node), text);
}

static bool is_after(const struct edit *one, const struct edit *other)
{
	if (one->start != other->start)
		return one->start > other->start;
	return one->end > other->end;
}

/* By place; edits at the same place stay in the order they were made in. */
static void sort_edits(struct edit *list, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t n = i; n && is_after(&list[n - 1], &list[n]); n--) {
			struct edit swap = list[n];

			list[n] = list[n - 1];
			list[n - 1] = swap;
		}
}

bool edits_apply(const struct edits *e, const struct syntax *s, struct str *out)
{
	struct text text = TEXT(e->arena);
	struct edit *list;
	size_t at = 0;

	if (!e->count)
		return false;
	list = arena_copy(e->arena, e->list, sizeof(*list) * e->count);
	sort_edits(list, e->count);
	for (size_t i = 0; i < e->count; i++) {
		if (list[i].start < at || list[i].end < list[i].start || list[i].end > s->text.size)
			return false;
		text_add(&text, str_slice(s->text, at, list[i].start - at));
		text_add(&text, list[i].text);
		at = list[i].end;
	}
	text_add(&text, str_from(s->text, at));
	if (str_equal(text_str(&text), s->text))
		return false;
	{
		SYNTAX after = syntax_open(e->arena, s->language, text_str(&text));

		if (!after || after->errors > s->errors)
			return false;
	}
	*out = text_str(&text);
	return true;
}
