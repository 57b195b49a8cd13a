/*
 * Opening Python files and finding the places of a traceback in them. A line number is a claim of
 * the log: it counts only when a statement stands there. Leaves out what a place means
 * (lib_oracle.c).
 */
#include "templates/lib_python.h"

#include "git/path.h"

static const char statements[] =
	"expression_statement|return_statement|assert_statement|raise_statement|if_statement|"
	"elif_clause|while_statement|for_statement|with_statement|try_statement|delete_statement|"
	"function_definition|class_definition|import_statement|import_from_statement|"
	"match_statement|global_statement|nonlocal_statement|pass_statement|break_statement|"
	"continue_statement|future_import_statement";

void python_close(struct python *python)
{
	for (size_t i = 0; i < python->file_count; i++)
		syntax_close(&python->files[i].syntax);
	python->file_count = 0;
}

const struct syntax *python_open(struct python *python, const char *path)
{
	struct scene *scene = python->scene;
	const struct syntax *kept;
	struct syntax *syntax;
	struct str text;

	if (!str_ends(str_of(path), ".py"))
		return NULL;
	kept = scene_syntax(scene, path);
	if (kept)
		return kept;
	for (size_t i = 0; i < python->file_count; i++)
		if (str_is(str_of(path), python->files[i].path))
			return python->files[i].syntax;
	if (!scene_read(scene, path, &text))
		return NULL;
	syntax = syntax_open(scene->arena, "python", text);
	if (!syntax)
		return NULL;
	arena_push(scene->arena, python->files, python->file_count) =
		(struct python_file){ arena_strdup(scene->arena, path), syntax };
	return syntax;
}

bool python_is_test(struct str path)
{
	struct str name = path_name(path), folder = path_folder(path), part;

	if (str_starts(name, "test_") || str_ends(name, "_test.py") ||
	    str_is(name, "conftest.py") || str_is(name, "tests.py"))
		return true;
	while (str_next(&folder, '/', &part))
		if (str_is(part, "tests") || str_is(part, "test") || str_is(part, "testing"))
			return true;
	return false;
}

struct on_line {
	unsigned line;
	TSNode found;
};

static bool see_statement(TSNode node, void *context)
{
	struct on_line *on = context;

	if (ts_node_start_point(node).row + 1 <= on->line &&
	    ts_node_end_point(node).row + 1 >= on->line && syntax_type_is(node, statements))
		on->found = node;
	return true;
}

bool python_site(struct python *python, const char *path, unsigned line, struct site *site)
{
	const struct syntax *s = path ? python_open(python, path) : NULL;
	struct on_line on = { .line = line };

	if (!s || !line)
		return false;
	syntax_walk(s->root, see_statement, &on);
	if (ts_node_is_null(on.found) || syntax_type_is(on.found, "function_definition|class_definition"))
		return false;
	*site = (struct site){
		.path = path, .line = line, .syntax = s, .statement = on.found,
		.function = syntax_up(on.found, "function_definition"), .frame = SIZE_MAX,
	};
	return true;
}

bool python_crash(struct python *python, struct site *site)
{
	const struct failure *failure = python->scene->failure;
	const char *path = failure->file;
	unsigned line = failure->line, column = failure->column;
	size_t index = SIZE_MAX;

	if (failure->frame_count) {
		const struct frame *frame = &failure->frames[index = failure->frame_count - 1];

		if (!frame->own)
			return template_decline(python->scene, "the error is raised in a third-party "
						"frame, %s, outside of the repository",
						frame->file ? frame->file : "?"), false;
		path = frame->file, line = frame->line, column = frame->column;
	}
	if (!path || !line)
		return template_decline(python->scene, "the log does not say where it was raised"),
		       false;
	if (python_is_test(str_of(path)))
		return template_decline(python->scene, "the error is raised in a test, %s:%u; tests "
					"are not changed", path, line), false;
	if (!python_site(python, path, line, site))
		return template_decline(python->scene, "there is no statement at %s:%u", path, line),
		       false;
	site->frame = index;
	site->column = column;
	return true;
}

static bool call_to(const struct syntax *s, TSNode below, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(below, "call", n);

		if (ts_node_is_null(call))
			return false;
		if (str_equal(python_callee(s, call), name))
			return true;
	}
}

/* A comprehension has a frame of its own in Python before 3.12, in the same function. */
static bool is_comprehension(const struct site *inner, const struct site *outer,
			     const struct frame *frame)
{
	if (inner->syntax != outer->syntax || ts_node_is_null(inner->function) ||
	    !ts_node_eq(inner->function, outer->function))
		return false;
	if (frame->function && frame->function[0] == '<')
		return true;
	return !frame->function && !call_to(outer->syntax, outer->statement,
					    python_name(inner->syntax, inner->function));
}

bool python_caller(struct python *python, const struct site *site, struct site *caller)
{
	const struct failure *failure = python->scene->failure;
	struct site inner = *site, outer;

	for (size_t i = site->frame; i != SIZE_MAX && i-- > 0; inner = outer) {
		const struct frame *frame = &failure->frames[i];

		if (!frame->own || !python_site(python, frame->file, frame->line, &outer))
			return false;
		outer.frame = i;
		outer.column = frame->column;
		if (is_comprehension(&inner, &outer, &failure->frames[i + 1]))
			continue;
		*caller = outer;
		return true;
	}
	return false;
}

struct str python_callee(const struct syntax *s, TSNode call)
{
	TSNode callee = syntax_field(call, "function");

	if (syntax_type_is(callee, "attribute"))
		callee = syntax_field(callee, "attribute");
	return syntax_type_is(callee, "identifier") ? syntax_text(s, callee) : STR_NONE;
}

struct str python_name(const struct syntax *s, TSNode function)
{
	return syntax_text(s, syntax_field(function, "name"));
}

TSNode python_child(TSNode node, unsigned n)
{
	TSNode none = {{0}, NULL, NULL};

	if (ts_node_is_null(node))
		return none;
	for (uint32_t i = 0; i < ts_node_named_child_count(node); i++) {
		TSNode child = ts_node_named_child(node, i);

		if (!syntax_type_is(child, "comment|line_continuation") && !n--)
			return child;
	}
	return none;
}

unsigned python_child_count(TSNode node)
{
	unsigned n = 0;

	while (!ts_node_is_null(python_child(node, n)))
		n++;
	return n;
}

TSNode python_bare(TSNode node)
{
	while (syntax_type_is(node, "parenthesized_expression"))
		node = python_child(node, 0);
	return node;
}

static bool is_docstring(TSNode statement)
{
	return syntax_type_is(statement, "expression_statement") &&
	       syntax_type_is(python_child(statement, 0), "string");
}

TSNode python_body(TSNode function)
{
	TSNode block = syntax_field(function, "body"), first = python_child(block, 0);

	return is_docstring(first) ? python_child(block, 1) : first;
}

struct str python_docstring(const struct syntax *s, TSNode function)
{
	TSNode first = python_child(syntax_field(function, "body"), 0);

	return is_docstring(first) ? syntax_text(s, first) : STR_NONE;
}

TSNode python_parameter(const struct syntax *s, TSNode function, struct str name)
{
	TSNode list = syntax_field(function, "parameters"), none = {{0}, NULL, NULL};

	for (unsigned i = 0; i < python_child_count(list); i++) {
		TSNode one = python_child(list, i), id = one;

		if (syntax_type_is(one, "default_parameter|typed_default_parameter"))
			id = syntax_field(one, "name");
		else if (!syntax_type_is(one, "identifier"))
			id = python_child(one, 0);
		if (str_equal(syntax_text(s, id), name))
			return one;
	}
	return none;
}
