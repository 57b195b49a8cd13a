/*
 * Where in the code a failure is, by line and column of the log, and the common end of templates
 * that edit one file. Knows nothing of a language but how its test files are named.
 */
#include "templates/lib_code.h"

#include "git/path.h"
#include "templates/lib_scene.h"

void code_close(struct code *code)
{
	syntax_close(&code->syntax);
	code->syntax = NULL;
}

size_t code_line_start(struct str text, size_t at)
{
	while (at && text.at[at - 1] != '\n')
		at--;
	return at;
}

TSNode code_node_at(const struct syntax *s, unsigned line, unsigned column)
{
	size_t at = line_start(s->text, line), end = line_end(s->text, at);

	if (column)
		at += column - 1;
	else
		at += str_indent(str_slice(s->text, at, end - at));
	if (at > end || at >= s->text.size)
		return (TSNode){{0}, NULL, NULL};
	return syntax_at(s, at, at + 1);
}

bool code_open_at(struct scene *scene, const char *path, unsigned line, unsigned column,
		  struct code *code)
{
	struct str text;

	*code = (struct code){ .scene = scene, .path = path };
	if (!path || !syntax_language(path) || !scene_read(scene, path, &text))
		return false;
	code->syntax = syntax_open(scene->arena, syntax_language(path), text);
	if (!code->syntax)
		return false;
	code->node = line ? code_node_at(code->syntax, line, column) : code->syntax->root;
	return !ts_node_is_null(code->node);
}

static bool is_test(struct str path)
{
	return str_ends(path, "_test.go") || str_starts(path, "tests/") || str_has(path, "/tests/") ||
	       str_starts(path, "benches/") || str_has(path, "/benches/") ||
	       str_is(path_name(path), "tests.rs");
}

bool code_open(struct scene *scene, struct code *code)
{
	const struct failure *failure = scene->failure;
	const char *path = scene_path(scene, failure->file);

	*code = (struct code){ .scene = scene };
	if (!path || !failure->line)
		template_decline(scene, "the place is not in the repository");
	else if (is_test(str_of(path)))
		template_decline(scene, "%s is a test", path);
	else if (!code_open_at(scene, path, failure->line, failure->column, code))
		template_decline(scene, "%s is not as the log says", path);
	else
		return true;
	return false;
}

struct search {
	const struct syntax *s;
	const char *types;
	struct str text;
	TSNode found;
	unsigned count;
};

static bool visit(TSNode node, void *context)
{
	struct search *search = context;

	if (!word_among(str_of(ts_node_type(node)), search->types) ||
	    !str_equal(syntax_text(search->s, node), search->text))
		return true;
	if (!search->count++)
		search->found = node;
	return true;
}

TSNode code_find(const struct syntax *s, TSNode below, const char *types, struct str text)
{
	struct search search = { .s = s, .types = types, .text = text };

	syntax_walk(below, visit, &search);
	return search.found;
}

unsigned code_count(const struct syntax *s, TSNode below, const char *types, struct str text)
{
	struct search search = { .s = s, .types = types, .text = text };

	syntax_walk(below, visit, &search);
	return search.count;
}

bool code_propose(struct scene *scene, const struct code *code, const struct edits *edits,
		  enum oracle oracle, enum danger danger, const char *why)
{
	struct candidate *candidate;
	struct str out;

	if (!edits_apply(edits, code->syntax, &out))
		return false;
	candidate = propose(scene, oracle, "%s", why);
	candidate->danger = danger;
	return candidate_put(scene, candidate, code->path, out);
}
